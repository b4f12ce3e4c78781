import { ApiError, validationError } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import { kitMail } from '../../mail/index.ts'
import { hasRole, type Principal, type Role } from '../permissions/principal.ts'
import type { SecurityEventKind } from '../security-log/security-log.ts'
import { assertNotAbove } from './held-members.ts'
import { type Asker, businessOf, contextOf, type MemberParts } from './member-parts.ts'
import { type Invitation, OPEN } from './open-invitations.ts'

export const INVITATION_DAYS = 7
const LIFETIME_MS = INVITATION_DAYS * 86_400_000

/** Whom to ask, and as what. */
export interface NewInvitation {
  readonly email: string
  readonly role: Role
}

/** Asks people to join a business. Whether the address has an account changes nothing of what is answered or done. */
export class Invitations {
  readonly #parts: MemberParts

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  /**
   * Invites whoever reads the mail of an address.
   *
   * @throws {ApiError} `validation_failed` if they are a member or invited already, which the asker can see in any case;
   * `permission_denied` for a role above the asker's; `throttled`
   */
  async create(asker: Asker, { email, role }: NewInvitation): Promise<Invitation> {
    const { models, store, emailLimit } = this.#parts
    assertMayInvite(asker.principal, role)
    const ctx = contextOf(store, asker, businessOf(asker.principal))
    await this.#assertNew(ctx, email)
    // Whoever was sent too many already gets none, and the answer is the same: they are not the asker's to count.
    const isSent = await emailLimit.take({ email, client: asker.client })
    return ctx.transaction(async (tx) => {
      const invitation = await tx.query(models.invitation).create({ email, role, expires_at: this.#expiry() })
      if (isSent) await this.#send(tx, asker, invitation)
      await this.#record(tx, asker, { kind: 'invited', invitation })
      return invitation
    })
  }

  /** Sends another link, for another seven days; the one before is worth nothing any more. @throws {ApiError} `conflict` unless the invitation is open */
  async resend(asker: Asker, { id, email }: Pick<Invitation, 'id' | 'email'>): Promise<void> {
    const { models, store, emailLimit } = this.#parts
    const isSent = await emailLimit.take({ email, client: asker.client })
    await contextOf(store, asker, businessOf(asker.principal)).transaction(async (tx) => {
      const values = { expires_at: this.#expiry() }
      const changed = await tx
        .query(models.invitation)
        .filter({ id, ...OPEN })
        .update(values)
      const invitation = changed === 1 ? await tx.query(models.invitation).get(id) : null
      if (invitation === null) throw notOpen()
      assertMayInvite(asker.principal, invitation.role)
      if (isSent) await this.#send(tx, asker, invitation)
    })
  }

  /** Takes an invitation back. @throws {ApiError} `conflict` unless it is open */
  async revoke(asker: Asker, { id }: Pick<Invitation, 'id'>): Promise<void> {
    const { models, store, oneTime } = this.#parts
    await contextOf(store, asker, businessOf(asker.principal)).transaction(async (tx) => {
      const revoked_at = new Date(store.clock.now())
      const revoked = await tx
        .query(models.invitation)
        .filter({ id, ...OPEN })
        .update({ revoked_at })
      if (revoked !== 1) throw notOpen()
      await oneTime.withdraw(tx, 'invitation', { subject: id })
      const invitation = await tx.query(models.invitation).get(id)
      await this.#record(tx, asker, { kind: 'invitation_revoked', invitation })
    })
  }

  async #assertNew(ctx: Context, email: string): Promise<void> {
    const { models, store } = this.#parts
    const users = await ctx.query(models.user).filter({ email }).all()
    const ids = users.map(({ id }) => id)
    if (ids.length > 0 && (await ctx.query(models.membership).filter({ user__in: ids }).exists())) {
      throw validationError({ email: ['This person is a member of the business already.'] })
    }
    const open = { email, ...OPEN, expires_at__gt: new Date(store.clock.now()) }
    if (await ctx.query(models.invitation).filter(open).exists()) {
      throw validationError({ email: ['An invitation to this address is open already: send that again.'] })
    }
  }

  async #send(tx: Context, { principal }: Asker, invitation: Invitation): Promise<void> {
    const { oneTime, links, outbox } = this.#parts
    const { id, email, role } = invitation
    await oneTime.withdraw(tx, 'invitation', { subject: id })
    const payload = { invitation: id, business: businessOf(principal), inviter: principal.userId }
    const token = await oneTime.issue(tx, { purpose: 'invitation', ttlMs: LIFETIME_MS, subject: id, payload })
    const { name } = await this.#business(tx, principal)
    // Of whom it is sent to nothing may be looked up, not even their language: it goes in that of the sender.
    const inviter = await this.#inviter(principal.userId, tx)
    const values = { business: name, inviter: principal.name, role, link: links('accept_invitation', token), token }
    await outbox.add(tx, kitMail('invitation', { to: email, language: inviter?.language ?? 'en', values }))
  }

  #business(tx: Context, principal: Principal) {
    return tx.query(this.#parts.models.business).get(businessOf(principal))
  }

  #inviter(id: string, tx: Context) {
    return tx.query(this.#parts.models.user).filter({ id }).first()
  }

  #expiry(): Date {
    return new Date(this.#parts.store.clock.now() + LIFETIME_MS)
  }

  async #record(
    tx: Context,
    { principal, client }: Asker,
    { kind, invitation }: { readonly kind: SecurityEventKind; readonly invitation: Invitation },
  ): Promise<void> {
    const { email, role } = invitation
    const actor = principal.impersonator ?? principal.userId
    const event = { kind, user: null, business: principal.business, actor, client, details: { email, role } }
    await this.#parts.securityLog.record(tx, event)
  }
}

const notOpen = (): ApiError => new ApiError('conflict', { message: 'The invitation was accepted or revoked before.' })

function assertMayInvite({ role: own, isSuperuser, apiKey }: Principal, role: Role): void {
  if (apiKey !== null) throw new ApiError('permission_denied')
  if (isSuperuser) return
  if (!hasRole(own, 'admin')) throw new ApiError('permission_denied')
  assertNotAbove(own, role)
}
