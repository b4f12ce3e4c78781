import { createSecretKey } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { Caller } from './clients.ts'

const MOST_REMEMBERED = 10_000

interface VerifiedToken {
  readonly caller: Caller
  readonly expiresAtMs: number
}

/**
 * Verifies access tokens, and remembers which it has verified: a signature costs more than the rest of a small request,
 * and without sessions nothing but time can end a token.
 */
export class TokenVerifier {
  readonly #key: ReturnType<typeof createSecretKey>
  readonly #verified = new Map<string, VerifiedToken>()

  constructor(secret: string) {
    this.#key = createSecretKey(Buffer.from(secret, 'utf8'))
  }

  /** Who calls, or null if the token is not valid. */
  async verify(token: string): Promise<Caller | null> {
    const known = this.#verified.get(token)
    if (known && known.expiresAtMs > Date.now()) return known.caller
    const verified = await this.#check(token)
    if (!verified) return null
    if (this.#verified.size >= MOST_REMEMBERED) this.#verified.clear()
    this.#verified.set(token, verified)
    return verified.caller
  }

  async #check(token: string): Promise<VerifiedToken | null> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        typ: 'at+jwt',
        issuer: 'bailiwick',
        audience: 'api',
        requiredClaims: ['sub', 'biz', 'exp'],
      })
      const { sub = '', biz, exp = 0 } = payload
      return typeof biz === 'string' ? { caller: { user: sub, business: biz }, expiresAtMs: exp * 1000 } : null
    } catch {
      return null
    }
  }
}
