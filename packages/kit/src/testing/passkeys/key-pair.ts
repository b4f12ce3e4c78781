import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Cbor } from './cbor.ts'

/** By its number in COSE (RFC 9053): ES256, EdDSA, RS256. */
export type KeyAlgorithm = -7 | -8 | -257

/** The key pair of a passkey. */
export interface PasskeyKeyPair {
  /** As COSE writes it (RFC 9052 § 7). */
  readonly publicKey: ReadonlyMap<number, Cbor>
  sign(content: Uint8Array): Buffer
}

export function makeKeyPair(algorithm: KeyAlgorithm): PasskeyKeyPair {
  const { publicKey, privateKey } = generate(algorithm)
  const part = (name: 'x' | 'y' | 'n' | 'e') =>
    Buffer.from(publicKey.export({ format: 'jwk' })[name] ?? '', 'base64url')
  if (algorithm === -257) {
    const key = { key: privateKey, padding: constants.RSA_PKCS1_PADDING }
    return {
      publicKey: cose([1, 3], [3, -257], [-1, part('n')], [-2, part('e')]),
      sign: (content) => sign('sha256', content, key),
    }
  }
  if (algorithm === -8) {
    return {
      publicKey: cose([1, 1], [3, -8], [-1, 6], [-2, part('x')]),
      sign: (content) => sign(null, content, privateKey),
    }
  }
  return {
    publicKey: cose([1, 2], [3, -7], [-1, 1], [-2, part('x')], [-3, part('y')]),
    sign: (content) => sign('sha256', content, privateKey),
  }
}

const cose = (...members: readonly (readonly [number, Cbor])[]): Map<number, Cbor> => new Map(members)

function generate(algorithm: KeyAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === -257) return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return algorithm === -8 ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
}
