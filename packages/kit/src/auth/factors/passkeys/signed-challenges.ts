import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { SecretBox } from '../../../base/index.ts'

const RANDOM_BYTES = 32
const EXPIRY_BYTES = 6
const DIGEST_BYTES = 32

/**
 * Challenges that are known again by their signature: random bytes, when they end, and a digest of both that only this
 * server can make. Anybody may ask for one, and nothing is kept until somebody has signed one with a passkey.
 */
export class SignedChallenges {
  readonly #box: SecretBox

  constructor(box: SecretBox) {
    this.#box = box
  }

  /** For one kind of ceremony, in base64url. */
  issue(ceremony: string, endsAtMs: number): string {
    const content = Buffer.alloc(RANDOM_BYTES + EXPIRY_BYTES)
    randomBytes(RANDOM_BYTES).copy(content)
    content.writeUIntBE(endsAtMs, RANDOM_BYTES, EXPIRY_BYTES)
    const digest = this.#box.digest(content.toString('hex'), purposeOf(ceremony))
    return Buffer.concat([content, Buffer.from(digest, 'hex')]).toString('base64url')
  }

  /** Whether the server made it for that ceremony, and it has not ended. */
  isGood(challenge: string, ceremony: string, nowMs: number): boolean {
    const bytes = Buffer.from(challenge, 'base64url')
    if (bytes.length !== RANDOM_BYTES + EXPIRY_BYTES + DIGEST_BYTES) return false
    // Only the one spelling: it must not be taken again in another.
    if (bytes.toString('base64url') !== challenge) return false
    const content = bytes.subarray(0, RANDOM_BYTES + EXPIRY_BYTES)
    const digest = bytes.subarray(content.length)
    const made = this.#box.digests(content.toString('hex'), purposeOf(ceremony))
    const isOurs = made.some((each) => timingSafeEqual(Buffer.from(each, 'hex'), digest))
    return isOurs && content.readUIntBE(RANDOM_BYTES, EXPIRY_BYTES) > nowMs
  }
}

const purposeOf = (ceremony: string): string => `passkey challenge ${ceremony}`
