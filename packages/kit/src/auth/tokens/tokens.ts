import { hash, randomUUID } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { ApiError, type Clock, isId, RecentMap } from '../../base/index.ts'
import type { KeyRing, TokenKey, TokenKeys } from './token-keys.ts'

export interface TokenOptions {
  readonly keys: TokenKeys
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

const MOST_REMEMBERED = 10_000
/** What the settings allow at the most. */
const LONGEST_LIFETIME_S = 3650 * 86_400

// The last character of 32 bytes in base64url has two bits that mean nothing, that of 64 bytes four: only one spelling of
// them is taken.
const SIGNATURE = { HS256: /^[\w-]{42}[AEIMQUYcgkosw048]$/, EdDSA: /^[\w-]{85}[AQgw]$/, ES256: /^[\w-]{85}[AQgw]$/ }
const COMPACT_JWT = /^[\w-]{1,500}\.[\w-]{1,2000}\.[\w-]{43,86}$/

/** Makes and verifies the tokens of sessions: JSON Web Tokens, each signed by the algorithm of its key. */
export class Tokens {
  readonly #options: TokenOptions & { readonly issuer: string; readonly audience: string }
  readonly #headers: Readonly<Record<TokenType, ReadonlyMap<string, readonly TokenKey[]>>>
  // Verifying a signature is the dearest part of a request, and a client sends the same token again and again.
  readonly #verified = new RecentMap<string, TokenClaims>(MOST_REMEMBERED)

  constructor(options: TokenOptions) {
    this.#options = { issuer: 'bailiwick', audience: 'api', ...options }
    const { access, refresh } = options.keys
    this.#headers = { access: headersOf('access', access), refresh: headersOf('refresh', refresh) }
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

  async #sign(
    type: TokenType,
    { userId, sessionId, business }: TokenSubject,
    { generation = 0, endsAtMs = Number.POSITIVE_INFINITY }: IssueOptions,
  ): Promise<string> {
    const { keys, issuer, audience, clock, accessLifetimeMs, refreshLifetimeMs } = this.#options
    const [key] = keys[type]
    if (key.signing === null) throw new TypeError('Cannot sign a token with a public key')
    const nowMs = clock.now()
    const lifetimeMs = type === 'access' ? accessLifetimeMs : refreshLifetimeMs
    const expiresAtMs = Math.min(nowMs + lifetimeMs, endsAtMs)
    return new SignJWT({
      token_type: type,
      sid: sessionId,
      gen: generation,
      ...(business !== null && { biz: business }),
    })
      .setProtectedHeader(headerOf(type, key))
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(Math.floor(nowMs / 1000))
      .setExpirationTime(Math.floor(expiresAtMs / 1000))
      .setJti(randomUUID())
      .sign(key.signing)
  }

  async #verify(type: TokenType, token: string): Promise<TokenClaims> {
    if (!COMPACT_JWT.test(token)) throw new ApiError('token_not_valid')
    const [header = '', , signature = ''] = token.split('.')
    for (const key of this.#headers[type].get(header) ?? []) {
      if (!SIGNATURE[key.algorithm].test(signature)) continue
      const claims = await this.#verifyWith(key, type, token)
      if (claims !== null) return claims
    }
    throw new ApiError('token_not_valid')
  }

  async #verifyWith(key: TokenKey, type: TokenType, token: string): Promise<TokenClaims | null> {
    const { issuer, audience, clock } = this.#options
    const verified = await jwtVerify(token, key.verifying, {
      algorithms: [key.algorithm],
      typ: HEADER_TYPES[type],
      issuer,
      audience,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp', 'token_type'],
      // Whatever a token brings jose to throw, the token is what is wrong.
    }).catch(() => null)
    if (verified === null || !isPlainlyWritten(token, verified.payload)) return null
    return verified.payload.aud === audience ? claimsOf(verified.payload, type) : null
  }
}

/** What is kept of a token, from which nobody can make it again. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/**
 * The headers that tokens may have, letter by letter, and whose they are. Nothing in the header of a token is read: no
 * algorithm, key or address that it names, no extension and no second spelling can do anything.
 */
function headersOf(type: TokenType, keys: KeyRing): Map<string, TokenKey[]> {
  const headers = new Map<string, TokenKey[]>()
  for (const key of keys) headers.set(encoded(headerOf(type, key)), [key])
  // Tokens from before keys had names.
  const nameless = keys.filter(({ algorithm }) => algorithm === 'HS256')
  headers.set(encoded({ alg: 'HS256', typ: HEADER_TYPES[type] }), nameless)
  return headers
}

function headerOf(type: TokenType, { algorithm, kid }: TokenKey) {
  return { alg: algorithm, typ: HEADER_TYPES[type], kid }
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Whether the claims are written as this server writes them: a claim that is there twice is not. */
function isPlainlyWritten(token: string, payload: JWTPayload): boolean {
  return token.split('.')[1] === encoded(payload)
}

function claimsOf({ sub, sid, biz, gen = 0, iat, exp, token_type }: JWTPayload, type: TokenType): TokenClaims | null {
  if (token_type !== type || !isId(sub) || !isId(sid) || !isLifetime(iat, exp)) return null
  if (biz !== undefined && !isId(biz)) return null
  if (typeof gen !== 'number' || !Number.isSafeInteger(gen) || gen < 0) return null
  const subject = { userId: sub, sessionId: sid, business: biz ?? null }
  return Object.freeze({ ...subject, generation: gen, expiresAtMs: Number(exp) * 1000 })
}

function isLifetime(iat: number | undefined, exp: number | undefined): boolean {
  if (iat === undefined || exp === undefined || !Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) return false
  return exp >= iat && exp - iat <= LONGEST_LIFETIME_S
}
