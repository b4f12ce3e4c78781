import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Principal } from '../permissions/principal.ts'
import { allBusinesses, type OwnBusiness, ownBusiness, ownBusinesses } from './own-businesses.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

/** What a user is told of themselves. */
export type SignedInUser = Pick<Row<UserModel>, 'id' | 'email' | 'name' | 'is_superuser' | 'last_login'>

/** Who is signed in, where, and where else they may go. */
export interface Profile {
  readonly user: SignedInUser
  readonly business: OwnBusiness | null
  readonly businesses: readonly OwnBusiness[]
  /** Whether the session's business is kept from it until the user has enrolled a second factor. */
  readonly second_factor_required: boolean
}

/** Tells the signed-in user of themselves. @throws {ApiError} `token_not_valid` if they are gone */
export async function profileOf(
  { store, models }: Pick<SignInParts, 'store' | 'models'>,
  principal: Principal,
  client: Client,
): Promise<Profile> {
  const ctx = systemContext(store, principal, client)
  const user = await ctx.query(models.user).filter({ id: principal.userId }).first()
  if (user === null) throw new ApiError('token_not_valid')
  return { user: shownUser(user), ...(await placesOf(ctx, models, { user, principal })) }
}

/** Where a signed-in user works, and where else they may go. */
export async function placesOf(
  ctx: Context,
  models: AuthModels,
  { user, principal }: { readonly user: Row<UserModel>; readonly principal: Principal },
): Promise<Omit<Profile, 'user'>> {
  const businesses = await listedBusinesses(ctx, models, user)
  const business = await presentBusiness(ctx, models, principal)
  return { business, businesses, second_factor_required: principal.lacksSecondFactor }
}

/** The businesses that a user may enter. */
export async function listedBusinesses(
  ctx: Context,
  models: AuthModels,
  { id, is_superuser }: Pick<Row<UserModel>, 'id' | 'is_superuser'>,
): Promise<OwnBusiness[]> {
  if (is_superuser) return allBusinesses(ctx, models)
  return (await ownBusinesses(ctx, models, id)).map(({ business }) => business)
}

export function shownUser({ id, email, name, is_superuser, last_login }: Row<UserModel>): SignedInUser {
  return { id, email, name, is_superuser, last_login }
}

async function presentBusiness(
  ctx: Context,
  models: AuthModels,
  { business, role }: Principal,
): Promise<OwnBusiness | null> {
  if (business === null || role === null) return null
  const row = await ctx.query(models.business).filter({ id: business }).first()
  return row && ownBusiness(row, role)
}
