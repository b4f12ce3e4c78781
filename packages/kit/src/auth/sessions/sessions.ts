import type { Kysely } from 'kysely'
import { ApiError, newId } from '../../base/index.ts'
import { type Context, createContext, type Store, type TableOf } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import { type Client, clientColumns } from '../models/client.ts'
import type { SessionModel } from '../models/user-models.ts'
import type { Transport } from '../permissions/principal.ts'
import { hashToken, type TokenPair, type Tokens } from '../tokens/tokens.ts'
import { findLiveSession } from './live-session.ts'
import type { Revoker } from './revoker.ts'

export interface SessionsOptions {
  readonly store: Store
  readonly models: AuthModels
  readonly tokens: Tokens
  readonly revoker: Revoker
  readonly refreshLifetimeMs: number
}

export interface NewSession {
  readonly userId: string
  readonly business: string | null
  readonly client: Client
  /** How its tokens travel; in headers and bodies unless it says otherwise. */
  readonly transport?: Transport
  readonly hasSecondFactor?: boolean
  /** When the user last proved who they are; now, unless the session is begun from another. */
  readonly authenticatedAtMs?: number
  /** The superuser who works as the user. Such a session is never prolonged. */
  readonly impersonator?: string
  readonly impersonationReason?: string
  /** How long it lasts unless it is refreshed. */
  readonly lifetimeMs?: number
}

/** The tokens of a session, and how they reach the client: by `deliverTokens`. */
export interface SessionTokens extends TokenPair {
  readonly transport: Transport
}

export interface RotateOptions extends Pick<Client, 'requestId' | 'queryLog'> {
  /** How the refresh token was given; `bearer` unless it says otherwise. One that was given otherwise than its session wants is not taken. */
  readonly transport?: Transport
}

/** Begins and renews the sessions that tokens stand for. */
export class Sessions {
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Begins a session in the transaction of `ctx`, and gives its tokens. */
  async start(
    ctx: Context,
    { userId, business, client, transport = 'bearer', ...options }: NewSession,
  ): Promise<SessionTokens> {
    const { models, tokens } = this.#options
    const sessionId = newId()
    const pair = await tokens.issue({ userId, sessionId, business })
    await ctx.query(models.session).create({
      id: sessionId,
      user: userId,
      business,
      created_at: new Date(this.#nowMs),
      authenticated_at: new Date(options.authenticatedAtMs ?? this.#nowMs),
      has_second_factor: options.hasSecondFactor ?? false,
      transport,
      impersonator: options.impersonator ?? null,
      impersonation_reason: options.impersonationReason ?? null,
      ...clientColumns(client),
      ...this.#renewal(pair, options.lifetimeMs),
    })
    return { ...pair, transport }
  }

  /**
   * Takes a refresh token and gives a new pair; the token is dead from then on. Whoever brings a dead one again may have
   * stolen it, or may be its owner after a thief: nobody can tell, so the whole session ends.
   *
   * @throws {ApiError} `token_not_valid`
   */
  async rotate(
    refresh: string,
    { requestId, queryLog = null, transport = 'bearer' }: RotateOptions,
  ): Promise<SessionTokens> {
    const { store, models, tokens, revoker } = this.#options
    const claims = await tokens.verifyRefresh(refresh)
    const live = await findLiveSession(claims, { store, models, nowMs: this.#nowMs })
    if (live?.principal.transport !== transport) throw new ApiError('token_not_valid')
    const pair = await tokens.issue(claims)
    const ctx = createContext(store, { actor: claims.userId, business: null, requestId, queryLog })
    const isRenewed = await ctx.transaction(async (tx) => {
      const isFirst = await this.#replaceHash(tx, { sessionId: claims.sessionId, refresh, pair })
      if (!isFirst) await revoker.endSession(tx, claims.sessionId)
      return isFirst
    })
    if (!isRenewed) throw new ApiError('token_not_valid')
    return { ...pair, transport }
  }

  /** Removes sessions that can never be used again, and tells how many. */
  async flushExpired(ctx: Context): Promise<number> {
    const expired = { expires_at__lt: new Date(this.#nowMs) }
    return ctx.query(this.#options.models.session).filter(expired).delete()
  }

  get #nowMs(): number {
    return this.#options.store.clock.now()
  }

  #renewal({ refresh }: TokenPair, lifetimeMs = this.#options.refreshLifetimeMs) {
    return {
      refresh_hash: hashToken(refresh),
      last_used_at: new Date(this.#nowMs),
      expires_at: new Date(this.#nowMs + lifetimeMs),
    }
  }

  /** One statement, so that of many who bring the same token at the same time the database lets one through. */
  async #replaceHash(tx: Context, { sessionId, refresh, pair }: Replacement): Promise<boolean> {
    const { table } = this.#options.models.session
    // as: the table's name is known at run time alone; its columns are those of the model
    const sql = tx.sql as unknown as Kysely<Record<string, TableOf<SessionModel>>>
    const { numUpdatedRows } = await sql
      .updateTable(table)
      .set(this.#renewal(pair))
      .where('id', '=', sessionId)
      .where('refresh_hash', '=', hashToken(refresh))
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }
}

interface Replacement {
  readonly sessionId: string
  readonly refresh: string
  readonly pair: TokenPair
}
