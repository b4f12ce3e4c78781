import { createPublicKey, type JsonWebKey } from 'node:crypto'

/** COSE's numbers of the algorithms that are offered (RFC 9053): ES256, EdDSA, and RS256 for Windows Hello. */
export const ALGORITHMS = [-7, -8, -257] as const

/** COSE's numbers of a key's parts (RFC 9052 § 7, RFC 9053 § 7, RFC 8230 § 4). */
const KTY = 1
const ALG = 3
const CURVE_OR_N = -1
const X_OR_E = -2
const Y = -3

const FEWEST_RSA_BYTES = 256
const MOST_RSA_BYTES = 512

type CoseKey = ReadonlyMap<number, unknown>

/**
 * Whether signatures can be verified by the key: it is whole, of the algorithm that it names, and a point of its curve.
 * One that is not would be kept, and fail at the first sign-in.
 */
export function isUsableKey(key: unknown): boolean {
  if (!(key instanceof Map)) return false
  const jwk = jwkOf(key)
  if (jwk === null) return false
  try {
    createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false // no point of the curve, or a modulus that is none
  }
}

function jwkOf(key: CoseKey): JsonWebKey | null {
  const [kty, alg, curve] = [key.get(KTY), key.get(ALG), key.get(CURVE_OR_N)]
  if (alg === -7 && kty === 2 && curve === 1) return ecOf(key)
  if (alg === -8 && kty === 1 && curve === 6) return okpOf(key)
  return alg === -257 && kty === 3 ? rsaOf(key) : null
}

function ecOf(key: CoseKey): JsonWebKey | null {
  const [x, y] = [bytesOf(key.get(X_OR_E), 32), bytesOf(key.get(Y), 32)]
  return x === null || y === null ? null : { kty: 'EC', crv: 'P-256', x, y }
}

function okpOf(key: CoseKey): JsonWebKey | null {
  const x = bytesOf(key.get(X_OR_E), 32)
  return x === null ? null : { kty: 'OKP', crv: 'Ed25519', x }
}

function rsaOf(key: CoseKey): JsonWebKey | null {
  const [n, e] = [key.get(CURVE_OR_N), key.get(X_OR_E)]
  if (!(n instanceof Uint8Array) || !(e instanceof Uint8Array)) return null
  if (n.length < FEWEST_RSA_BYTES || n.length > MOST_RSA_BYTES || e.length > 4) return null
  return { kty: 'RSA', n: Buffer.from(n).toString('base64url'), e: Buffer.from(e).toString('base64url') }
}

function bytesOf(value: unknown, length: number): string | null {
  return value instanceof Uint8Array && value.length === length ? Buffer.from(value).toString('base64url') : null
}
