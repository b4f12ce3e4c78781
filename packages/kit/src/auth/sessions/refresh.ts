import { ApiError } from '../../base/index.ts'
import { type Context, createContext, type Store } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { Transport } from '../permissions/principal.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import { hashToken, type TokenClaims, type TokenPair, type Tokens } from '../tokens/tokens.ts'
import { findLiveSession, type LiveSession } from './live-session.ts'
import type { Revoker } from './revoker.ts'
import { openSuccessor, sealSuccessor } from './successor.ts'

/** The tokens of a session, and how they reach the client: by `deliverTokens`. */
export interface SessionTokens extends TokenPair {
  readonly transport: Transport
}

export interface RefreshParts {
  readonly store: Store
  readonly models: AuthModels
  readonly tokens: Tokens
  readonly revoker: Revoker
  readonly securityLog: SecurityLog
  readonly refreshLifetimeMs: number
  readonly sessionLifetimeMs: number
  readonly refreshGraceMs: number
}

export interface RefreshOptions extends Client {
  /** How the refresh token was given; one that was given otherwise than its session wants is not taken. */
  readonly transport?: Transport
}

/**
 * Takes a refresh token and gives a new pair; the token is dead from then on. Whoever brings a dead one again may have
 * stolen it, or may be its owner after a thief: nobody can tell, so the whole session ends.
 *
 * A client that lost the answer brings its token again, and gets the very same pair: within the grace, and as long as
 * nobody has used that pair. No token ever has two successors, so of two who hold one, the next to refresh is found out.
 *
 * @throws {ApiError} `token_not_valid`
 */
export async function refreshSession(
  parts: RefreshParts,
  token: string,
  { transport = 'bearer', ...client }: RefreshOptions,
): Promise<SessionTokens> {
  const { store, models, tokens } = parts
  const claims = await tokens.verifyRefresh(token)
  const live = await findLiveSession(claims, { store, models, nowMs: store.clock.now() })
  if (live?.principal.transport !== transport) throw new ApiError('token_not_valid')
  const { requestId, queryLog = null } = client
  const ctx = createContext(store, { actor: claims.userId, business: null, requestId, queryLog })
  const endsAtMs = latestEnd(parts, live)
  const pair = await tokens.issue(claims, { generation: claims.generation + 1, endsAtMs })
  if (await replaceToken(parts, ctx, { claims, token, pair, endsAtMs })) return { ...pair, transport }
  const again = await lostPair(parts, ctx, { claims, token })
  if (again !== null) return { ...again, transport }
  await endReplayed(parts, ctx, { claims, client })
  throw new ApiError('token_not_valid')
}

/** Whoever works as another gets no more time by refreshing. */
function latestEnd(parts: RefreshParts, { principal, expiresAtMs }: LiveSession): number {
  return principal.impersonator === null ? endOf(parts, principal.authenticatedAtMs) : expiresAtMs
}

/** When a session ends that is used no more from now on, but not later than its user must prove again who they are. */
export function endOf(
  { store, refreshLifetimeMs, sessionLifetimeMs }: RefreshParts,
  authenticatedAtMs: number,
): number {
  return Math.min(store.clock.now() + refreshLifetimeMs, authenticatedAtMs + sessionLifetimeMs)
}

interface Brought {
  readonly claims: TokenClaims
  readonly token: string
}

interface Replacement extends Brought {
  readonly pair: TokenPair
  readonly endsAtMs: number
}

/** One statement, so that of many who bring the same token at the same time the database lets one through. */
async function replaceToken(
  { store, models }: RefreshParts,
  ctx: Context,
  { claims, token, pair, endsAtMs }: Replacement,
): Promise<boolean> {
  const refresh_hash = hashToken(token)
  const present = ctx.query(models.session).filter({ id: claims.sessionId, refresh_hash, ended_at__isnull: true })
  const now = new Date(store.clock.now())
  const replaced = await present.update({
    refresh_hash: hashToken(pair.refresh),
    previous_hash: refresh_hash,
    successor_sealed: sealSuccessor(pair, token),
    generation: claims.generation + 1,
    rotated_at: now,
    last_used_at: now,
    expires_at: new Date(endsAtMs),
  })
  return replaced === 1
}

/** The pair that the token was replaced by, if its client may have lost it; or null. */
async function lostPair(
  { store, models, refreshGraceMs }: RefreshParts,
  ctx: Context,
  { claims, token }: Brought,
): Promise<TokenPair | null> {
  const before = { id: claims.sessionId, previous_hash: hashToken(token), ended_at__isnull: true }
  const session = await ctx.query(models.session).filter(before).first()
  if (session === null || session.successor_sealed === null || session.rotated_at === null) return null
  // The clock of the node that replaced the token may be ahead of or behind this one's.
  const ageMs = Math.abs(store.clock.now() - session.rotated_at.getTime())
  return ageMs < refreshGraceMs ? openSuccessor(session.successor_sealed, token) : null
}

/** A token that has been replaced is never the present one again: whatever happens meanwhile, it stays a replay. */
async function endReplayed(
  { revoker, securityLog }: RefreshParts,
  ctx: Context,
  { claims, client }: { readonly claims: TokenClaims; readonly client: Client },
): Promise<void> {
  const { userId: user, sessionId: session, business } = claims
  await ctx.transaction(async (tx) => {
    if (await revoker.endSession(tx, session))
      await securityLog.record(tx, { kind: 'refresh_token_replayed', user, business, session, client })
  })
}
