import { ApiError, isId, validationError } from '../../base/index.ts'
import { type Context, createContext, type Row } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { BusinessModel, UserModel } from '../models/user-models.ts'
import type { UsedToken } from '../one-time/one-time-tokens.ts'
import { passwordProblems } from '../passwords/password-rules.ts'
import { hasRole, type Principal, type Role } from '../permissions/principal.ts'
import type { MemberParts } from './member-parts.ts'
import { type Invitation, OPEN, revokeInvitationsTo } from './open-invitations.ts'

/** What the holder of a link is told before they accept. */
export interface InvitationPreview {
  readonly business: string
  readonly email: string
  readonly role: Role
  readonly expires_at: Date
  /** Whether the address has an account: then its owner signs in, and needs no name and password. */
  readonly has_account: boolean
}

export interface Acceptance {
  readonly token: string
  /** Of a new account. */
  readonly name?: string | null
  /** Of a new account, or of the one that is there. */
  readonly password?: string | null
  /** Who is signed in. */
  readonly principal: Principal | null
  readonly client: Client
}

/** What was joined, as what, and by which account. */
export interface Accepted {
  readonly email: string
  readonly role: Role
  readonly business: Pick<Row<BusinessModel>, 'id' | 'name' | 'slug'>
}

/** What an invitation leads to, while it may be accepted. */
interface Found {
  readonly invitation: Invitation
  readonly business: Row<BusinessModel>
  readonly account: Row<UserModel> | null
  /** The id of who sent it last. */
  readonly inviter: string
}

/** What the owners of links do with invitations. */
export class InvitationLinks {
  readonly #parts: MemberParts

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  /** @throws {ApiError} `validation_failed` for a token that is not good */
  async preview(token: string, client: Client): Promise<InvitationPreview> {
    const { invitation, business, account } = await this.#find(token, client)
    const { email, role, expires_at } = invitation
    return { business: business.name, email, role, expires_at, has_account: account !== null }
  }

  /**
   * Makes the owner of the link a member. Where the address has an account, they must be signed in to it or give its
   * password: the link shows that they read the mail, and a mailbox alone opens no account. Where it has none, one is made
   * with the name and the password that they give; its address counts as verified.
   *
   * @throws {ApiError} `validation_failed`; `invalid_credentials`, `account_locked`, `throttled`; `permission_denied` if
   * somebody else is signed in and no password is given
   */
  async accept(acceptance: Acceptance): Promise<Accepted> {
    const found = await this.#find(acceptance.token, acceptance.client)
    const hash = found.account === null ? await this.#newPassword(acceptance, found) : null
    if (found.account !== null) await this.#prove(acceptance, found.account)
    await this.#join(acceptance, found, hash)
    const { invitation, business } = found
    const { id, name, slug } = business
    return { email: invitation.email, role: invitation.role, business: { id, name, slug } }
  }

  async #find(token: string, client: Client): Promise<Found> {
    const { models, oneTime } = this.#parts
    const outside = this.#context(client, null)
    const place = placeOf(await oneTime.find(outside, { purpose: 'invitation', token }))
    if (place === null) throw notGood()
    const business = await outside.query(models.business).filter({ id: place.business, is_active: true }).first()
    const inside = this.#context(client, place.business)
    const invitation = await inside
      .query(models.invitation)
      .filter({ id: place.invitation, ...OPEN })
      .first()
    if (business === null || invitation === null) throw notGood()
    const account = await outside.query(models.user).filter({ email: invitation.email }).first()
    return { invitation, business, account, inviter: place.inviter }
  }

  async #newPassword({ name, password }: Acceptance, { invitation }: Found): Promise<string> {
    const missing = ['This field is required: there is no account with this address yet.']
    if (!name || !password) {
      throw validationError({ ...(!name && { name: missing }), ...(!password && { password: missing }) })
    }
    const problems = passwordProblems(password, { email: invitation.email, name })
    if (problems.length > 0) throw validationError({ password: problems })
    return this.#parts.passwords.hash(password)
  }

  /** That it is the owner of the account who accepts. */
  async #prove({ principal, password, client }: Acceptance, account: Row<UserModel>): Promise<void> {
    const isOwner = principal?.userId === account.id && principal.impersonator === null && principal.apiKey === null
    if (isOwner) return
    if (!password) throw new ApiError(principal === null ? 'not_authenticated' : 'permission_denied')
    const { lockout, passwords } = this.#parts
    const isRight = await lockout.guard({ account: account.email, client, isLast: () => false }, async () =>
      (await passwords.verify(password, account.password)) && account.is_active ? true : null,
    )
    if (isRight === null) throw new ApiError('invalid_credentials')
  }

  async #join(acceptance: Acceptance, found: Found, hash: string | null): Promise<void> {
    const { models, oneTime, revoker, securityLog } = this.#parts
    const { token, client } = acceptance
    const { invitation, business } = found
    const presented = { purpose: 'invitation', token } as const
    await this.#context(client, null, found.account?.id).transaction(async (tx) => {
      // First of all, and one statement: of many who bring the link at once, one gets further.
      if ((await oneTime.use(tx, presented)) === null) throw notGood()
      await tx.acrossBusinesses('A person accepts an invitation to a business', async (all) => {
        const inside = all.inBusiness(business.id)
        await this.#close(inside, invitation)
        if (!(await this.#mayStillInvite(all, inside, found))) throw notGood()
        const user = await this.#account(all, acceptance, { found, hash })
        if (!(await inside.query(models.membership).filter({ user }).exists())) {
          const membership = { business_id: business.id, user, role: invitation.role }
          await all.query(models.membership).create(membership)
        }
        await revoker.userChanged(all, user)
        const details = { role: invitation.role }
        await securityLog.record(all, { kind: 'invitation_accepted', user, business: business.id, client, details })
      })
    })
  }

  /** Marks the invitation as accepted, if nobody has revoked it meanwhile, and takes back others to the same address. */
  async #close(inside: Context, { id, email }: Invitation): Promise<void> {
    const { models } = this.#parts
    // All of them in one order: else two people with a link each would wait for each other.
    const open = inside.query(models.invitation).filter({ email, ...OPEN })
    await open.orderBy('id').forUpdate().all()
    const accepted_at = new Date(inside.store.clock.now())
    if ((await open.filter({ id }).update({ accepted_at })) !== 1) throw notGood()
    await revokeInvitationsTo(inside, models, email)
  }

  /** An admin who was demoted, removed or kept out may have meant to come back by it: what they gave is worth nothing. */
  async #mayStillInvite(all: Context, inside: Context, { inviter, invitation }: Found): Promise<boolean> {
    const { models } = this.#parts
    const row = await inside.query(models.membership).filter({ user: inviter, is_active: true }).forUpdate().first()
    const person = await all.query(models.user).filter({ id: inviter, is_active: true }).first()
    if (person === null) return false
    return person.is_superuser || (row !== null && hasRole(row.role, 'admin') && hasRole(row.role, invitation.role))
  }

  /** The account that joins: it reads the mail that the link came by, so the address counts as verified. */
  async #account(all: Context, { name, client }: Acceptance, { found, hash }: Joining): Promise<string> {
    const { models, securityLog } = this.#parts
    const { email } = found.invitation
    const email_verified_at = new Date(all.store.clock.now())
    if (found.account !== null) {
      const { id } = found.account
      await all.query(models.user).filter({ id, email_verified_at__isnull: true }).update({ email_verified_at })
      return id
    }
    const values = { email, name: name ?? email, password: hash, email_verified_at }
    const { id } = await all.query(models.user).create(values)
    await securityLog.record(all, { kind: 'registered', user: id, client })
    return id
  }

  #context({ requestId, queryLog = null }: Client, business: string | null, actor: string | null = null): Context {
    return createContext(this.#parts.store, { actor, business, requestId, queryLog })
  }
}

interface Joining {
  readonly found: Found
  /** Of the password of a new account. */
  readonly hash: string | null
}

const notGood = (): ApiError => validationError({ token: ['This invitation is not valid any more.'] })

/** What the token was made for, if it was made for an invitation at all. */
function placeOf(used: UsedToken | null): { invitation: string; business: string; inviter: string } | null {
  const { invitation, business, inviter } = (used?.payload ?? {}) as Readonly<Record<string, unknown>> // as: looked at now
  return isId(invitation) && isId(business) && isId(inviter) ? { invitation, business, inviter } : null
}
