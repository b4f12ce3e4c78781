import { createPrivateKey, createPublicKey, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto'
import type { Settings } from '../../settings/index.ts'

export type TokenAlgorithm = Settings['tokens']['algorithm']

/** A key that tokens are signed or verified with: by its own algorithm, whatever a token asks for. */
export interface TokenKey {
  readonly algorithm: TokenAlgorithm
  /** Names the key, in the header of its tokens. */
  readonly kid: string
  readonly verifying: KeyObject
  /** Null: nothing is signed with it any more. */
  readonly signing: KeyObject | null
}

/** A public key as clients fetch it (RFC 7517). */
export interface PublicJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y?: string
  readonly kid: string
  readonly alg: string
  readonly use: 'sig'
}

/** The first key signs; all verify. */
export type KeyRing = readonly [TokenKey, ...TokenKey[]]

export interface TokenKeys {
  readonly access: KeyRing
  readonly refresh: KeyRing
}

export interface TokenKeySettings {
  readonly algorithm: TokenAlgorithm
  readonly secret: string
  readonly secretFallbacks: readonly string[]
  /** In PEM; null with HS256. */
  readonly privateKey: string | null
  /** Former private keys, or their public halves, in PEM. */
  readonly privateKeyFallbacks: readonly string[]
}

/**
 * The keys of the settings. Refresh tokens are for this server alone, so they are signed with the secret whatever the
 * algorithm. An access token is taken if the present key or a fallback has signed it; beside a private key the present
 * secret is none of these: a server that others verify by a public key has no second way.
 *
 * @throws {TypeError} if an algorithm other than HS256 has no private key
 */
export function tokenKeys(settings: TokenKeySettings): TokenKeys {
  const secret = secretKey(settings.secret)
  const formerSecrets = settings.secretFallbacks.map(secretKey)
  const formerPairs = settings.privateKeyFallbacks.map((pem) => ({ ...pairOf(pem), signing: null }))
  const fallbacks = [...formerSecrets, ...formerPairs]
  const present = settings.algorithm === 'HS256' ? secret : presentPair(settings)
  return { access: [present, ...fallbacks], refresh: [secret, ...formerSecrets] }
}

/** What anybody may know of the keys: the public ones. */
export function publicKeysOf({ access }: TokenKeys): PublicJwk[] {
  return access.filter(({ algorithm }) => algorithm !== 'HS256').map(publicJwk)
}

function secretKey(secret: string): TokenKey {
  const key = createSecretKey(Buffer.from(secret, 'utf8'))
  // Derived by HKDF: it tells no more of the secret than a signature does.
  const kid = Buffer.from(hkdfSync('sha256', secret, '', 'bailiwick:kid', 12)).toString('base64url')
  return { algorithm: 'HS256', kid, verifying: key, signing: key }
}

function presentPair({ algorithm, privateKey }: TokenKeySettings): TokenKey {
  if (privateKey === null) throw new TypeError(`Cannot sign tokens by ${algorithm} without a private key`)
  const pair = pairOf(privateKey)
  if (pair.algorithm !== algorithm) throw new TypeError(`Cannot sign tokens by ${algorithm} with that private key`)
  return pair
}

function pairOf(pem: string): TokenKey {
  const isPublic = pem.includes('PUBLIC KEY')
  const signing = isPublic ? null : createPrivateKey(pem)
  const verifying = createPublicKey(pem)
  const algorithm = verifying.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'ES256'
  return { algorithm, kid: thumbprint(verifying), verifying, signing }
}

/** The thumbprint of a public key, as RFC 7638 defines it: of its needed members in the order of their names. */
function thumbprint(key: KeyObject): string {
  const { crv, kty, x, y } = key.export({ format: 'jwk' })
  return hash('sha256', JSON.stringify(y === undefined ? { crv, kty, x } : { crv, kty, x, y }), 'base64url')
}

function publicJwk({ verifying, kid, algorithm }: TokenKey): PublicJwk {
  const { kty = '', crv = '', x = '', y } = verifying.export({ format: 'jwk' })
  return { kty, crv, x, ...(y !== undefined && { y }), kid, alg: algorithm, use: 'sig' }
}
