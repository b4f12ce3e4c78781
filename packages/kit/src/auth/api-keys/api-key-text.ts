import { hash, randomBytes, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** What the text of a key tells. */
export interface ApiKeyText {
  readonly business: string
  /** By which the key is found in its business, and people know it. */
  readonly prefix: string
  /** What is kept of it. */
  readonly hash: string
}

const MARK = 'bwk_'
const SECRET_BYTES = 32
const PREFIX_LENGTH = 12
const PREFIX_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const CHECKSUM_LENGTH = 7
const KEY = /^(bwk_([A-Za-z0-9_-]{22})_([a-z0-9]{12})_[A-Za-z0-9_-]{43}_)([0-9a-z]{7})$/

/**
 * Makes a key: `bwk_<business>_<prefix>_<secret>_<checksum>`. It names its business, so that it is looked for inside that
 * business alone. The checksum lets what is not a key be refused without a look into the database, and scanners of
 * published code know a key when they see one.
 */
export function newApiKey(
  business: string,
  prefix: string = newPrefix(),
): { readonly key: string; readonly hash: string } {
  const place = Buffer.from(business.replaceAll('-', ''), 'hex').toString('base64url')
  const body = `${MARK}${place}_${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}_`
  const key = body + checksumOf(body)
  return { key, hash: hashApiKey(key) }
}

export function newPrefix(): string {
  return Array.from({ length: PREFIX_LENGTH }, () =>
    PREFIX_CHARACTERS.charAt(randomInt(PREFIX_CHARACTERS.length)),
  ).join('')
}

/** Whether a bearer token wants to be a key. */
export function isApiKey(token: string): boolean {
  return token.startsWith(MARK)
}

/** Reads a key; null if its form or its checksum is wrong. */
export function readApiKey(key: string): ApiKeyText | null {
  const [, body = '', place = '', prefix = '', checksum] = KEY.exec(key) ?? []
  if (body === '' || checksumOf(body) !== checksum) return null
  const hex = Buffer.from(place, 'base64url').toString('hex')
  const business = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { business, prefix, hash: hashApiKey(key) }
}

/** One round is enough: nobody can try the 2^256 secrets. */
function hashApiKey(key: string): string {
  return hash('sha256', key, 'hex')
}

function checksumOf(body: string): string {
  return crc32(body).toString(36).padStart(CHECKSUM_LENGTH, '0')
}
