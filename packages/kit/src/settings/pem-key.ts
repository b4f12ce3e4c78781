import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The algorithm that a key signs by; null if by none that tokens are signed with. */
export function algorithmOfPem(pem: string): 'EdDSA' | 'ES256' | null {
  const key = keyOf(pem)
  if (key?.asymmetricKeyType === 'ed25519') return 'EdDSA'
  return key?.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : null
}

/** A private key in PEM, its line breaks written as `\n` if need be, or the path of a file that holds it. */
export function parsePrivateKey(text: string): string | undefined {
  const pem = pemOf(text)
  return pem !== undefined && isPrivate(pem) && algorithmOfPem(pem) !== null ? pem : undefined
}

/** The same, or a public key. */
export function parseKey(text: string): string | undefined {
  const pem = pemOf(text)
  return pem !== undefined && algorithmOfPem(pem) !== null ? pem : undefined
}

function pemOf(text: string): string | undefined {
  if (text.includes('-----BEGIN')) return text.replaceAll('\\n', '\n')
  try {
    return readFileSync(text.trim(), 'utf8')
  } catch {
    return undefined // no such file: the setting is what is wrong
  }
}

const isPrivate = (pem: string): boolean => pem.includes('PRIVATE KEY')

function keyOf(pem: string): KeyObject | null {
  try {
    return isPrivate(pem) ? createPrivateKey(pem) : createPublicKey(pem)
  } catch {
    return null
  }
}
