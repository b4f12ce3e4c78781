import { ApiError, newId } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import { type Client, clientColumns } from '../models/client.ts'
import type { Principal, Transport } from '../permissions/principal.ts'
import { hashToken } from '../tokens/tokens.ts'
import { endOtherSessions, endOwnSession, logout, logoutEverywhere } from './end-sessions.ts'
import { endOf, type RefreshOptions, type RefreshParts, refreshSession, type SessionTokens } from './refresh.ts'

/** Sessions of a user that go on at the same time. The one that was unused longest makes room for another. */
const MOST_SESSIONS = 100

export interface NewSession {
  readonly userId: string
  readonly business: string | null
  readonly client: Client
  /** How its tokens travel; in headers and bodies unless it says otherwise. */
  readonly transport?: Transport
  readonly hasSecondFactor?: boolean
  /** The session that asks for this one; it must still go on. Give it within a transaction. */
  readonly from?: string
  /** When the user last proved who they are; now, unless the session is begun from another. */
  readonly authenticatedAtMs?: number
  /** The superuser who works as the user. Such a session is never prolonged. */
  readonly impersonator?: string
  readonly impersonationReason?: string
  /** How long it lasts unless it is refreshed. */
  readonly lifetimeMs?: number
}

/** Begins and renews the sessions that tokens stand for. */
export class Sessions {
  readonly #options: RefreshParts

  constructor(options: RefreshParts) {
    this.#options = options
  }

  /** Begins a session in the transaction of `ctx`, and gives its tokens. */
  async start(
    ctx: Context,
    { userId, business, client, transport = 'bearer', ...options }: NewSession,
  ): Promise<SessionTokens> {
    const { models, tokens } = this.#options
    if (options.from !== undefined) await this.#holdOpen(ctx, options.from)
    const sessionId = newId()
    const authenticatedAtMs = options.authenticatedAtMs ?? this.#nowMs
    const { lifetimeMs } = options
    const endsAtMs = lifetimeMs === undefined ? endOf(this.#options, authenticatedAtMs) : this.#nowMs + lifetimeMs
    await this.#makeRoom(ctx, userId)
    const pair = await tokens.issue({ userId, sessionId, business }, { endsAtMs })
    await ctx.query(models.session).create({
      id: sessionId,
      user: userId,
      business,
      created_at: new Date(this.#nowMs),
      authenticated_at: new Date(authenticatedAtMs),
      has_second_factor: options.hasSecondFactor ?? false,
      transport,
      impersonator: options.impersonator ?? null,
      impersonation_reason: options.impersonationReason ?? null,
      ...clientColumns(client),
      refresh_hash: hashToken(pair.refresh),
      last_used_at: new Date(this.#nowMs),
      expires_at: new Date(endsAtMs),
    })
    return { ...pair, transport }
  }

  /** A new pair for a refresh token. @throws {ApiError} `token_not_valid` */
  refresh(token: string, options: RefreshOptions): Promise<SessionTokens> {
    return refreshSession(this.#options, token, options)
  }

  /** Ends the session that asks. */
  logout(principal: Principal, client: Client): Promise<void> {
    return logout(this.#options, principal, client)
  }

  /** Ends one of the user's own sessions. @throws {ApiError} `not_found`, of whomever it is */
  async end(principal: Principal, ended: { readonly session: string; readonly client: Client }): Promise<void> {
    if (!(await endOwnSession(this.#options, principal, ended))) throw new ApiError('not_found')
  }

  /** Ends the user's own sessions but the one that asks, and tells how many there were. */
  endOthers(principal: Principal, client: Client): Promise<number> {
    return endOtherSessions(this.#options, principal, client)
  }

  /** Ends every session of the user, and tells how many there were. */
  endAll(principal: Principal, client: Client): Promise<number> {
    return logoutEverywhere(this.#options, principal, client)
  }

  get #nowMs(): number {
    return this.#options.store.clock.now()
  }

  /** Ends what is beyond the most, the one about to begin included: at most a page of them at once. */
  async #makeRoom(ctx: Context, user: string): Promise<void> {
    const { models, revoker } = this.#options
    const open = ctx.query(models.session).filter({ user, ended_at__isnull: true }).orderBy('-last_used_at', '-id')
    const { rows } = await open.page({ number: 2, size: MOST_SESSIONS - 1 })
    for (const { id } of rows) await revoker.endSession(ctx, id)
  }

  /**
   * Holds the session that asks, until the new one is there. Whoever ends all sessions of the user waits for it, and so
   * ends the new one too; if they were first, there is no new one.
   */
  async #holdOpen(ctx: Context, id: string): Promise<void> {
    const open = ctx.query(this.#options.models.session).filter({ id, ended_at__isnull: true })
    const held = await open.update({ last_used_at: new Date(this.#nowMs) })
    if (held === 0) throw new ApiError('token_not_valid')
  }
}
