import { validationError } from '../../../base/index.ts'
import type { Json } from '../../../db/index.ts'

/** What a browser gives for a new passkey: `credential.toJSON()` after `navigator.credentials.create()`. */
export interface NewCredential {
  readonly id: string
  readonly clientDataJSON: string
  readonly attestationObject: string
  readonly transports: readonly string[]
}

/** What a browser gives for the use of a passkey: `credential.toJSON()` after `navigator.credentials.get()`. */
export interface UsedCredential {
  readonly id: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
  /** The id of the user, as the passkey has kept it; null if it has kept none. */
  readonly userHandle: string | null
}

/** The most characters of each part, in base64url. An id has at most 1,023 bytes (WebAuthn § 4). */
const MOST = {
  id: 1364,
  clientDataJSON: 4096,
  attestationObject: 16_384,
  authenticatorData: 4096,
  signature: 4096,
  userHandle: 86,
} as const

const MOST_TRANSPORTS = 10

type Part = keyof typeof MOST
type JsonObject = { readonly [name: string]: Json | undefined }

/** @throws {ApiError} `validation_failed` that says which part is missing or malformed */
export function readNewCredential(credential: Json): NewCredential {
  const { id, response } = readCommon(credential)
  return {
    id,
    clientDataJSON: partOf(response, 'clientDataJSON'),
    attestationObject: partOf(response, 'attestationObject'),
    transports: transportsOf(response.transports ?? []),
  }
}

/** @throws {ApiError} `validation_failed` that says which part is missing or malformed */
export function readUsedCredential(credential: Json): UsedCredential {
  const { id, response } = readCommon(credential)
  const { userHandle = null } = response
  return {
    id,
    clientDataJSON: partOf(response, 'clientDataJSON'),
    authenticatorData: partOf(response, 'authenticatorData'),
    signature: partOf(response, 'signature'),
    userHandle: userHandle === null || userHandle === '' ? null : partOf(response, 'userHandle'),
  }
}

/** The refusal of what was given as `credential`. */
export function credentialError(message: string, cause?: unknown) {
  return validationError({ credential: [message] }, { cause })
}

function readCommon(credential: Json): { readonly id: string; readonly response: JsonObject } {
  const whole = objectOf(credential, 'credential')
  if (whole.type !== 'public-key') throw credentialError('`type` must be "public-key".')
  const id = partOf(whole, 'id')
  if (whole.rawId !== undefined && whole.rawId !== id) throw credentialError('`rawId` must be the same as `id`.')
  return { id, response: objectOf(whole.response, 'response') }
}

function objectOf(value: Json | undefined, name: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject // as: just seen
  throw credentialError(`\`${name}\` must be an object: send what \`credential.toJSON()\` gives.`)
}

function partOf(object: JsonObject, name: Part): string {
  const value = object[name]
  if (typeof value !== 'string') throw credentialError(`\`${name}\` must be a text in base64url.`)
  if (value.length > MOST[name]) throw credentialError(`\`${name}\` must have at most ${MOST[name]} characters.`)
  if (!isBase64Url(value)) throw credentialError(`\`${name}\` must be in base64url, without padding.`)
  return value
}

/** Only the one spelling of each value is taken: an id must not be able to come in two. */
function isBase64Url(value: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(value) && Buffer.from(value, 'base64url').toString('base64url') === value
}

function transportsOf(value: Json): readonly string[] {
  const isList = Array.isArray(value) && value.length <= MOST_TRANSPORTS
  if (!isList || !value.every(isTransport)) {
    throw credentialError(`\`transports\` must be a list of at most ${MOST_TRANSPORTS} words, such as "internal".`)
  }
  return [...new Set(value)]
}

/** Words of later versions of the standard are kept as well, as it asks. */
function isTransport(value: Json): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value)
}
