import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { KitTemplate } from '../../mail/index.ts'
import { enrolledFactors, hasSecondFactor } from '../factors/enrolled-factors.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Role } from '../permissions/principal.ts'
import { assertRecentlyAuthenticated } from '../permissions/recent-authentication.ts'
import type { SecurityEventKind } from '../security-log/security-log.ts'
import { assertAdminLeft, assertNotAbove, type HeldMembers, holdMembers } from './held-members.ts'
import { type Asker, businessOf, contextOf, type MemberParts } from './member-parts.ts'
import { revokeInvitationsTo } from './open-invitations.ts'

/** What of a membership an admin may change. */
export interface MemberChange {
  readonly role?: Role
  /** Whether the person may enter this business. Others of theirs are no matter of its admins. */
  readonly is_active?: boolean
}

/** A member who is asked about, and who asks. */
export interface MemberRequest extends Asker {
  /** The id of the user. */
  readonly user: string
}

/** What admins do with the people of their own business. Every change acts at once, on every node. */
export class Members {
  readonly #parts: MemberParts

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  /**
   * Gives a member another role, lets them in or keeps them out.
   *
   * @throws {ApiError} `not_found`, `permission_denied` if it would reach above the asker, `conflict` for the last admin
   */
  async change(request: MemberRequest, { role, is_active }: MemberChange): Promise<void> {
    const { models, revoker } = this.#parts
    await this.#held(request, async (tx, held) => {
      const { target, askerRole } = held
      if (role !== undefined) assertNotAbove(askerRole, role)
      const isDemoted = role !== undefined && role !== 'admin'
      if (isDemoted || is_active === false) assertAdminLeft(held)
      const values = {
        ...(role !== undefined && role !== target.role && { role }),
        ...(is_active !== undefined && is_active !== target.is_active && { is_active }),
      }
      if (Object.keys(values).length === 0) return
      await tx.query(models.membership).filter({ id: target.id }).update(values)
      await revoker.userChanged(tx, request.user)
      if (values.role !== undefined) await this.#tellOfRole(tx, request, { from: target.role, to: values.role })
      if (values.is_active !== undefined) {
        await this.#record(tx, request, values.is_active ? 'membership_activated' : 'membership_deactivated')
      }
    })
  }

  /** Takes a member out of the business. @throws {ApiError} as `change` does */
  async remove(request: MemberRequest): Promise<void> {
    const { models, revoker } = this.#parts
    await this.#held(request, async (tx, held) => {
      assertAdminLeft(held)
      const person = await tx.query(models.user).get(request.user)
      // Before they are gone: the business sees nobody who does not belong to it.
      await this.#record(tx, request, 'membership_removed', { role: held.target.role })
      await this.#notify(tx, request, person, { template: 'removed_from_business' })
      await tx.query(models.membership).filter({ id: held.target.id }).delete()
      await revokeInvitationsTo(tx, models, person.email)
      await revoker.userChanged(tx, request.user)
    })
  }

  /**
   * Unlocks the account of a member, and forgets what was guessed at it.
   *
   * @throws {ApiError} `permission_denied` if it is not for this business alone to say: whoever could unlock an account of
   * another business again and again would take its lock away
   */
  async unlock(request: MemberRequest): Promise<void> {
    await this.#held(request, async (tx) => {
      const person = await this.#ownPerson(tx, request)
      await this.#parts.lockout.clear(tx, person.email)
      await this.#record(tx, request, 'account_unlocked')
    })
  }

  /**
   * Takes all second factors of a member away, who has lost them, and ends their sessions.
   *
   * @throws {ApiError} `reauthentication_required`; `conflict` if they have none, which the asker sees in any case;
   * `permission_denied` where it is not for this business alone to say: why, is not told, since that the person belongs to
   * another business is none of the asker's business
   */
  async resetSecondFactor(request: MemberRequest): Promise<void> {
    const { secondFactor, models, revoker, store } = this.#parts
    assertRecentlyAuthenticated(request.principal, store.clock)
    if (request.user === request.principal.userId) throw new ApiError('permission_denied')
    await this.#held(request, async (tx) => {
      // Before it is asked where else they belong: so it tells nothing of that.
      if (!hasSecondFactor(await enrolledFactors(tx, models, request.user))) throw noFactor()
      const person = await this.#ownPerson(tx, request)
      if (!(await secondFactor.reset(tx, person.id))) throw noFactor()
      await revoker.endAllSessions(tx, person.id)
      await this.#record(tx, request, 'second_factor_reset')
      await this.#notify(tx, request, person, { template: 'two_factor_reset' })
    })
  }

  async #held(request: MemberRequest, work: (tx: Context, held: HeldMembers) => Promise<void>): Promise<void> {
    const { store, models } = this.#parts
    const ctx = contextOf(store, request, businessOf(request.principal))
    // Admins who change each other at once may lock each other out; the database stops one, who tries again.
    await ctx.transaction(async (tx) => work(tx, await holdMembers(tx, models, request)), { attempts: ATTEMPTS })
  }

  /** The person, if they are no superuser and belong to no other business. @throws {ApiError} `permission_denied` */
  async #ownPerson(tx: Context, { principal, user }: MemberRequest): Promise<Row<UserModel>> {
    const { models } = this.#parts
    const person = await tx.query(models.user).get(user)
    if (principal.isSuperuser) return person
    const memberships = await tx.acrossBusinesses('Whether a member belongs to this business alone', (all) =>
      all.query(models.membership).filter({ user }).all(),
    )
    const isElsewhere = memberships.some(({ business_id }) => business_id !== principal.business)
    if (isElsewhere || person.is_superuser) throw new ApiError('permission_denied')
    return person
  }

  async #tellOfRole(tx: Context, request: MemberRequest, { from, to }: { from: Role; to: Role }): Promise<void> {
    const person = await tx.query(this.#parts.models.user).get(request.user)
    await this.#record(tx, request, 'role_changed', { from, to })
    await this.#notify(tx, request, person, { template: 'role_changed', values: { role: to } })
  }

  async #notify(tx: Context, request: MemberRequest, to: Row<UserModel>, { template, values = {} }: Told) {
    const { name } = await tx.query(this.#parts.models.business).get(businessOf(request.principal))
    await this.#parts.sendNotice(tx, { template, to, values: { business: name, ...values } })
  }

  async #record(
    tx: Context,
    { user, principal, client }: MemberRequest,
    kind: SecurityEventKind,
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const actor = principal.impersonator ?? (principal.userId === user ? null : principal.userId)
    await this.#parts.securityLog.record(tx, { kind, user, business: principal.business, actor, client, details })
  }
}

const noFactor = (): ApiError => new ApiError('conflict', { message: 'This person has no second factor.' })

interface Told {
  readonly template: KitTemplate
  readonly values?: Readonly<Record<string, string>>
}

export const ATTEMPTS = 5
