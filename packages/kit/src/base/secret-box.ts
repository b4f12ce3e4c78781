import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1'

/**
 * Keeps secrets that must be read back, encrypted by AES-256-GCM with keys that are derived from `SECRET_KEY` (HKDF,
 * RFC 5869), one for each purpose. What was sealed with an earlier key, named as a fallback, can still be opened.
 *
 * @example
 * const box = new SecretBox(['a secret of at least fifty characters that nobody else knows'])
 * assert.equal(box.open(box.seal('JBSWY3DP', 'totp'), 'totp'), 'JBSWY3DP')
 */
export class SecretBox {
  readonly #secrets: readonly string[]

  /** The first secret seals; all open. */
  constructor(secrets: readonly [string, ...string[]]) {
    this.#secrets = secrets
  }

  /** The text, unreadable and unchangeable without the secret, and of no use for another purpose. */
  seal(text: string, purpose: string): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey(purpose), nonce)
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `${VERSION}.${sealed.toString('base64url')}`
  }

  /** @throws {Error} if the text was not sealed for this purpose with one of the secrets */
  open(sealed: string, purpose: string): string {
    const [version, content = ''] = sealed.split('.')
    const bytes = Buffer.from(content, 'base64url')
    if (version === VERSION && bytes.length >= NONCE_BYTES + TAG_BYTES) {
      for (const secret of this.#secrets) {
        const text = opened(bytes, deriveKey(secret, `seal:${purpose}`))
        if (text !== null) return text
      }
    }
    throw new Error(`Cannot open a sealed ${purpose}: no secret fits. Is SECRET_KEY, or a fallback, missing?`)
  }

  /**
   * A digest, in hex, of what could be guessed if it were hashed without a secret, such as a code of six digits or an
   * e-mail address.
   */
  digest(text: string, purpose: string): string {
    return createHmac('sha256', deriveKey(this.#secrets[0] ?? '', `digest:${purpose}`))
      .update(text)
      .digest('hex')
  }

  /** The digests by each of the secrets, the present one first: for finding what was kept before the secret changed. */
  digests(text: string, purpose: string): string[] {
    return this.#secrets.map((secret) =>
      createHmac('sha256', deriveKey(secret, `digest:${purpose}`))
        .update(text)
        .digest('hex'),
    )
  }

  #sealingKey(purpose: string): Buffer {
    return deriveKey(this.#secrets[0] ?? '', `seal:${purpose}`)
  }
}

function deriveKey(secret: string, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `bailiwick:${label}`, KEY_BYTES))
}

function opened(bytes: Buffer, key: Buffer): string | null {
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const tag = bytes.subarray(bytes.length - TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
  try {
    const content = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)
    return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8')
  } catch {
    return null // of another key
  }
}
