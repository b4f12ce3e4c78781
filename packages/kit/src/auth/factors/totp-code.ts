import { timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'

/** How authenticator apps reckon, unless told otherwise; some can do nothing else. */
export const TOTP_RULES = { algorithm: 'SHA1', digits: 6, period: 30 } as const

/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20

/** A new secret, in Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** What an authenticator app takes the secret from: as a QR code, or by a tap on the phone. */
export function totpUri({ secret, account, issuer }: { secret: string; account: string; issuer: string }): string {
  return new TOTP({ ...TOTP_RULES, secret, label: account, issuer, issuerInLabel: true }).toString()
}

/** The number of the half minute that a moment lies in. */
export function stepAt(nowMs: number): bigint {
  return BigInt(Math.floor(nowMs / 1000 / TOTP_RULES.period))
}

/** The code of one step: RFC 6238, which is RFC 4226 counted by time. */
export function codeOfStep(secret: string, step: bigint): string {
  const { algorithm, digits } = TOTP_RULES
  return HOTP.generate({ secret: Secret.fromBase32(secret), algorithm, digits, counter: Number(step) })
}

/**
 * The step that a code belongs to: the present one, or the one before it, for phones whose clock is behind and people
 * who type slowly. Never one that is yet to come: a code that works early works for longer.
 */
export function matchingStep(secret: string, code: string, nowMs: number): bigint | null {
  const present = stepAt(nowMs)
  for (const step of [present, present - 1n]) if (isSame(codeOfStep(secret, step), code)) return step
  return null
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
