import { hash as digest, pbkdf2, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import type { StoredHash } from './stored-hash.ts'

// The forms of https://docs.djangoproject.com/en/5.2/topics/auth/passwords/, and bounds well above Django's defaults.
const PBKDF2 = /^pbkdf2_(sha256|sha1)\$([1-9]\d{0,8})\$([^$\0]{1,100})\$([A-Za-z0-9+/]{27,43}=)$/
const MOST_ITERATIONS = 5_000_000
const PBKDF2_BYTES = { sha256: 32, sha1: 20 } as const

const BCRYPT = /^bcrypt(_sha256)?\$(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/
const MOST_BCRYPT_ROUNDS = 15

const SCRYPT = /^scrypt\$([1-9]\d{0,8})\$([^$\0]{1,100})\$([1-9]\d{0,2})\$([1-9]\d{0,2})\$([A-Za-z0-9+/]{86}==)$/
const SCRYPT_BYTES = 64
const MOST_SCRYPT_MEMORY = 134_217_728
const MOST_SCRYPT_WORK = 2_097_152

const pbkdf2Of = promisify(pbkdf2)
const scryptOf = promisify<string, string, number, ScryptOptions, Buffer>(scrypt)

export function readPbkdf2Hash(stored: string): StoredHash | null {
  const [, name, iterationsText, salt = '', encoded = ''] = PBKDF2.exec(stored) ?? []
  const iterations = Number(iterationsText)
  if ((name !== 'sha256' && name !== 'sha1') || iterations > MOST_ITERATIONS) return null
  const expected = Buffer.from(encoded, 'base64')
  if (expected.length !== PBKDF2_BYTES[name]) return null
  return {
    matches: async (password) =>
      timingSafeEqual(await pbkdf2Of(password, salt, iterations, expected.length, name), expected),
  }
}

/** As Django does, `bcrypt` alone looks at no more than the first 72 bytes of a password. */
export function readBcryptHash(stored: string): StoredHash | null {
  const [, isDigested, encoded, rounds] = BCRYPT.exec(stored) ?? []
  if (encoded === undefined || Number(rounds) < 4 || Number(rounds) > MOST_BCRYPT_ROUNDS) return null
  return {
    matches: (password) =>
      verifyBcrypt(isDigested ? digest('sha256', password, 'hex') : password, encoded).catch(() => false),
  }
}

export function readScryptHash(stored: string): StoredHash | null {
  const [, cost, salt = '', blocks, lanes, encoded = ''] = SCRYPT.exec(stored) ?? []
  const options = { N: Number(cost), r: Number(blocks), p: Number(lanes), maxmem: 2 * MOST_SCRYPT_MEMORY }
  if (!isBearable(options)) return null
  const expected = Buffer.from(encoded, 'base64')
  return {
    matches: async (password) => timingSafeEqual(await scryptOf(password, salt, SCRYPT_BYTES, options), expected),
  }
}

/** Whether the numbers are numbers, the first of them a power of two, and neither work nor memory is too much. */
function isBearable({ N, r, p }: { readonly N: number; readonly r: number; readonly p: number }): boolean {
  const isCost = N > 1 && Number.isInteger(Math.log2(N))
  return isCost && r <= 32 && p <= 64 && 128 * N * r <= MOST_SCRYPT_MEMORY && N * r * p <= MOST_SCRYPT_WORK
}
