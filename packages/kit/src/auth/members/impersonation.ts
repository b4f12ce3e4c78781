import { ApiError } from '../../base/index.ts'
import { AuditEntry, type Context, type Row } from '../../db/index.ts'
import type { UserModel } from '../models/user-models.ts'
import { assertRecentlyAuthenticated } from '../permissions/recent-authentication.ts'
import type { SessionTokens } from '../sessions/refresh.ts'
import { type Asker, contextOf, type MemberParts } from './member-parts.ts'

/** As whom a superuser works, where, why and for how long. */
export interface NewImpersonation {
  readonly user: string
  /** Left out: in no business. */
  readonly business?: string | null
  readonly reason: string
  /** Fifteen unless it says otherwise. */
  readonly minutes?: number
}

export interface Impersonating extends SessionTokens {
  readonly expires_at: Date
}

/** Lets superusers see what a user sees, for a while and for a reason, under both names. */
export class Impersonation {
  readonly #parts: MemberParts

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  /**
   * Begins a session of the user, which no refresh prolongs. The user is told by mail and in their security log.
   *
   * @throws {ApiError} `permission_denied` for anyone but a superuser, and for superusers as users;
   * `reauthentication_required`; `second_factor_required` if the superuser has one and did not show it; `not_found`
   */
  async start(asker: Asker, { user, business = null, reason, minutes = 15 }: NewImpersonation): Promise<Impersonating> {
    const { principal, client } = asker
    const { store, sessions } = this.#parts
    await this.#assertMay(asker)
    const nowMs = store.clock.now()
    const expires_at = new Date(nowMs + minutes * 60_000)
    const ctx = contextOf(store, asker, null)
    const person = await this.#person(ctx, asker, { user, business })
    const tokens = await ctx.transaction(async (tx) => {
      const begun = await sessions.start(tx, {
        userId: user,
        business,
        client,
        hasSecondFactor: principal.hasSecondFactor,
        authenticatedAtMs: nowMs,
        impersonator: principal.userId,
        impersonationReason: reason,
        lifetimeMs: minutes * 60_000,
      })
      await this.#writeDown(tx, asker, { person, business, reason, until: expires_at.toISOString() })
      return begun
    })
    return { ...tokens, expires_at }
  }

  async #assertMay(asker: Asker): Promise<void> {
    const { principal } = asker
    const { store, models } = this.#parts
    if (!principal.isSuperuser) throw new ApiError('permission_denied')
    assertRecentlyAuthenticated(principal, store.clock)
    if (principal.hasSecondFactor) return
    const ctx = contextOf(store, asker, null)
    const own = { user: principal.userId }
    const hasApp = await ctx
      .query(models.totp)
      .filter({ ...own, confirmed_at__isnull: false })
      .exists()
    const hasFactor = hasApp || (await ctx.query(models.passkey).filter(own).exists())
    if (hasFactor) throw new ApiError('second_factor_required')
  }

  async #person(ctx: Context, asker: Asker, { user, business }: Wanted): Promise<Row<UserModel>> {
    const { models, store } = this.#parts
    const person = await ctx.query(models.user).filter({ id: user, is_active: true }).first()
    if (person === null) throw new ApiError('not_found')
    if (person.is_superuser) {
      throw new ApiError('permission_denied', { message: 'Nobody works as a superuser but the superuser.' })
    }
    if (business === null) return person
    const isThere = await ctx.query(models.business).filter({ id: business, is_active: true }).exists()
    const inside = contextOf(store, asker, business)
    const isMember = await inside.query(models.membership).filter({ user, is_active: true }).exists()
    if (!isThere || !isMember) throw new ApiError('not_found')
    return person
  }

  async #writeDown(tx: Context, { principal }: Asker, { person, business, reason, until }: Begun) {
    const { securityLog, sendNotice } = this.#parts
    await tx.query(AuditEntry).create({
      at: new Date(tx.store.clock.now()),
      actor: person.id,
      impersonator: principal.userId,
      business,
      request_id: tx.requestId.slice(0, 64),
      action: 'impersonation',
      reason,
    })
    const details = { reason, until }
    const event = { kind: 'impersonation_started', user: person.id, business, actor: principal.userId } as const
    await securityLog.record(tx, { ...event, client: NOT_TOLD, details })
    await sendNotice(tx, { template: 'impersonated', to: person, values: { reason, until } })
  }
}

/** From where the operator works is none of the user's business, nor of the businesses that read of it. */
const NOT_TOLD = { ip: null, userAgent: null } as const

interface Wanted {
  readonly user: string
  readonly business: string | null
}

interface Begun {
  readonly person: Row<UserModel>
  readonly business: string | null
  readonly reason: string
  readonly until: string
}
