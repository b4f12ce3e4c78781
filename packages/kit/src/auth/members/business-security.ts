import { validationError } from '../../base/index.ts'
import type { Role } from '../permissions/principal.ts'
import { assertRecentlyAuthenticated } from '../permissions/recent-authentication.ts'
import { type Asker, businessOf, contextOf, type MemberParts } from './member-parts.ts'

/** What a business demands of those who sign in to it. */
export interface SecurityDemands {
  /** Who works in one of these roles needs a second factor. */
  readonly two_factor_roles: readonly Role[]
  /** Whether a code sent by e-mail may stand for it. */
  readonly allows_email_code: boolean
}

/** What admins say of sign-ins to their business. It acts at once. */
export class BusinessSecurity {
  readonly #parts: MemberParts

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  async read(asker: Asker): Promise<SecurityDemands> {
    const { store, models } = this.#parts
    // Outside the business: a superuser may enter one that nobody belongs to, which inside sees not even itself.
    const ctx = contextOf(store, asker, null)
    const { two_factor_roles, allows_email_code } = await ctx.query(models.business).get(businessOf(asker.principal))
    return { two_factor_roles, allows_email_code }
  }

  /**
   * @throws {ApiError} `reauthentication_required`; `validation_failed` if it would keep out the asker, who would have
   * nobody to blame but nobody to help either
   */
  async change(asker: Asker, demands: Partial<SecurityDemands>): Promise<SecurityDemands> {
    const { store, models, revoker, securityLog } = this.#parts
    const { principal, client } = asker
    assertRecentlyAuthenticated(principal, store.clock)
    const id = businessOf(principal)
    const { two_factor_roles: roles } = demands
    if (!principal.hasSecondFactor && principal.role !== null && roles?.includes(principal.role)) {
      const message = `You are ${principal.role}, and this session has no second factor: enrol one and sign in with it first.`
      throw validationError({ two_factor_roles: [message] })
    }
    await contextOf(store, asker, null).transaction(async (tx) => {
      if (Object.keys(demands).length === 0) return
      const values = { ...demands, ...(roles && { two_factor_roles: [...roles] }) }
      await tx.query(models.business).filter({ id }).update(values)
      await revoker.businessChanged(tx, id)
      const { userId: user } = principal
      const event = { kind: 'business_security_changed', user, business: id, client, details: { ...values } } as const
      await securityLog.record(tx, event)
    })
    return this.read(asker)
  }
}
