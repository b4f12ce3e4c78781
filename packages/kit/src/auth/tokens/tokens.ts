import { createSecretKey, hash, randomUUID } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { ApiError, type Clock, isId, RecentMap } from '../../base/index.ts'

export interface TokenOptions {
  readonly secret: string
  readonly accessLifetimeMs: number
  readonly refreshLifetimeMs: number
  readonly clock: Clock
  readonly issuer?: string
  readonly audience?: string
}

/** Whose tokens are made. */
export interface TokenSubject {
  readonly userId: string
  readonly sessionId: string
  readonly business: string | null
}

/** What a valid token says. */
export interface TokenClaims extends TokenSubject {
  /** How often the session had been refreshed when the token was made. */
  readonly generation: number
  readonly expiresAtMs: number
}

export interface IssueOptions {
  readonly generation?: number
  /** When the session ends in any case: no token outlives it. */
  readonly endsAtMs?: number
}

export interface TokenPair {
  readonly access: string
  readonly refresh: string
}

type TokenType = 'access' | 'refresh'

/** The `typ` of the header; RFC 9068 names the first. One kind of token can never pass for the other. */
const HEADER_TYPES = { access: 'at+jwt', refresh: 'rt+jwt' } as const satisfies Record<TokenType, string>

const ALGORITHM = 'HS256'
const MOST_REMEMBERED = 10_000

// The last character of 32 bytes in base64url has two bits that mean nothing: only one spelling of them is taken.
const COMPACT_JWT = /^[A-Za-z0-9_-]{1,500}\.[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** Makes and verifies the tokens of sessions: JSON Web Tokens, signed with one algorithm and one key. */
export class Tokens {
  readonly #key: ReturnType<typeof createSecretKey>
  readonly #options: TokenOptions & { readonly issuer: string; readonly audience: string }
  // Verifying a signature is the dearest part of a request, and a client sends the same token again and again.
  readonly #verified = new RecentMap<string, TokenClaims>(MOST_REMEMBERED)

  constructor(options: TokenOptions) {
    this.#key = createSecretKey(Buffer.from(options.secret, 'utf8'))
    this.#options = { issuer: 'bailiwick', audience: 'api', ...options }
  }

  /** Makes an access token and a refresh token, unlike all others. */
  async issue(subject: TokenSubject, options: IssueOptions = {}): Promise<TokenPair> {
    const [access, refresh] = await Promise.all([
      this.#sign('access', subject, options),
      this.#sign('refresh', subject, options),
    ])
    return { access, refresh }
  }

  /** @throws {ApiError} `token_not_valid` */
  async verifyAccess(token: string): Promise<TokenClaims> {
    const known = this.#verified.get(token)
    if (known === undefined) {
      const claims = await this.#verify('access', token)
      this.#verified.set(token, claims)
      return claims
    }
    if (known.expiresAtMs > this.#options.clock.now()) return known
    this.#verified.delete(token)
    throw new ApiError('token_not_valid')
  }

  /** @throws {ApiError} `token_not_valid` */
  verifyRefresh(token: string): Promise<TokenClaims> {
    return this.#verify('refresh', token)
  }

  #sign(
    type: TokenType,
    { userId, sessionId, business }: TokenSubject,
    { generation = 0, endsAtMs = Number.POSITIVE_INFINITY }: IssueOptions,
  ): Promise<string> {
    const { issuer, audience, clock, accessLifetimeMs, refreshLifetimeMs } = this.#options
    const nowMs = clock.now()
    const lifetimeMs = type === 'access' ? accessLifetimeMs : refreshLifetimeMs
    const expiresAtMs = Math.min(nowMs + lifetimeMs, endsAtMs)
    return new SignJWT({
      token_type: type,
      sid: sessionId,
      gen: generation,
      ...(business !== null && { biz: business }),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: HEADER_TYPES[type] })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(Math.floor(nowMs / 1000))
      .setExpirationTime(Math.floor(expiresAtMs / 1000))
      .setJti(randomUUID())
      .sign(this.#key)
  }

  async #verify(type: TokenType, token: string): Promise<TokenClaims> {
    if (!COMPACT_JWT.test(token)) throw new ApiError('token_not_valid')
    const { issuer, audience, clock } = this.#options
    const verified = await jwtVerify(token, this.#key, {
      algorithms: [ALGORITHM],
      typ: HEADER_TYPES[type],
      issuer,
      audience,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp', 'token_type'],
    }).catch((cause: unknown) => {
      // Whatever a token brings jose to throw, the token is what is wrong.
      throw new ApiError('token_not_valid', { cause })
    })
    const claims = claimsOf(verified.payload, type)
    if (claims === null) throw new ApiError('token_not_valid')
    return claims
  }
}

/** What is kept of a token, from which nobody can make it again. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

function claimsOf({ sub, sid, biz, gen = 0, exp, token_type }: JWTPayload, type: TokenType): TokenClaims | null {
  if (token_type !== type || !isId(sub) || !isId(sid) || exp === undefined) return null
  if (biz !== undefined && !isId(biz)) return null
  if (typeof gen !== 'number' || !Number.isSafeInteger(gen) || gen < 0) return null
  const subject = { userId: sub, sessionId: sid, business: biz ?? null }
  return Object.freeze({ ...subject, generation: gen, expiresAtMs: exp * 1000 })
}
