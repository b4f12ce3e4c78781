import type { Revoker, Role } from '@bailiwick/kit/auth'
import type { Context } from '@bailiwick/kit/db'
import { Business, Membership } from './models.ts'

export interface NewBusiness {
  readonly name: string
  /** Its name in addresses, one of a kind. */
  readonly slug: string
}

/** Makes a business. Call it outside any. */
export function createBusiness(ctx: Context, values: NewBusiness): Promise<Business> {
  return ctx.query(Business).create(values)
}

export function findBusiness(ctx: Context, slug: string): Promise<Business | null> {
  return ctx.query(Business).filter({ slug }).first()
}

export interface NewMember {
  readonly businessId: string
  readonly userId: string
  readonly role: Role
}

/** Takes a user into a business. Until then the business cannot see the user, so this reaches across: it is audited. */
export function addMember(ctx: Context, { businessId, userId, role }: NewMember): Promise<Membership> {
  const membership = { business_id: businessId, user: userId, role }
  return ctx.acrossBusinesses('A user becomes a member of a business', (all) =>
    all.query(Membership).create(membership),
  )
}

/** Gives a member of the business of `ctx` another role. @throws {ApiError} `not_found` if the user is no member */
export async function changeRole(
  ctx: Context,
  { userId, role, revoker }: { readonly userId: string; readonly role: Role; readonly revoker: Revoker },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { id } = await tx.query(Membership).get({ user: userId })
    await tx.query(Membership).filter({ id }).update({ role })
    await revoker.userChanged(tx, userId)
  })
}

/** Takes a member out of the business of `ctx`; their tokens for it are worth nothing at once. @throws {ApiError} `not_found` if the user is no member */
export async function removeMember(
  ctx: Context,
  { userId, revoker }: { readonly userId: string; readonly revoker: Revoker },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { id } = await tx.query(Membership).get({ user: userId })
    await tx.query(Membership).filter({ id }).delete()
    await revoker.userChanged(tx, userId)
  })
}
