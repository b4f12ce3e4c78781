import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Principal } from '../permissions/principal.ts'
import type { Revoker } from '../sessions/revoker.ts'
import { type Profile, placesOf } from '../sign-in/profile.ts'
import { type AccountParts, accountContext } from './account-parts.ts'

type Shown = 'id' | 'email' | 'name' | 'phone' | 'language' | 'time_zone' | 'is_superuser' | 'last_login'

/** What users see of themselves. */
export interface OwnDetails extends Pick<Row<UserModel>, Shown> {
  readonly email_verified: boolean
  readonly has_password: boolean
  /** Whether an authenticator app or a passkey is enrolled. */
  readonly has_second_factor: boolean
  readonly has_avatar: boolean
}

/** What users may change of themselves by saying so. */
export type DetailChanges = Partial<Pick<Row<UserModel>, 'name' | 'phone' | 'language' | 'time_zone'>>

/** The superuser who works as the user. */
export interface Impersonator {
  readonly id: string
  readonly email: string
  readonly name: string
}

export interface OwnAccount extends Omit<Profile, 'user'> {
  readonly user: OwnDetails
  readonly impersonator: Impersonator | null
}

type DetailParts = Pick<AccountParts, 'store' | 'models'> & { readonly revoker: Pick<Revoker, 'userChanged'> }

/** Tells the signed-in user of themselves. @throws {ApiError} `token_not_valid` if they are gone */
export async function ownDetails({ store, models }: DetailParts, principal: Principal, client: Client) {
  const ctx = accountContext(store, principal, client)
  return detailsOf(ctx, models, await ownUser(ctx, models, principal))
}

/** Tells the signed-in user of themselves, where they work, and where else they may. @throws {ApiError} `token_not_valid` if they are gone */
export async function ownAccount(
  { store, models }: DetailParts,
  principal: Principal,
  client: Client,
): Promise<OwnAccount> {
  const ctx = accountContext(store, principal, client)
  const user = await ownUser(ctx, models, principal)
  return {
    user: await detailsOf(ctx, models, user),
    ...(await placesOf(ctx, models, { user, principal })),
    impersonator: await impersonatorOf(ctx, models, principal),
  }
}

/** Changes what users may change of themselves. */
export async function changeDetails(
  { store, models, revoker }: DetailParts,
  principal: Principal,
  { changes, client }: { readonly changes: DetailChanges; readonly client: Client },
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await accountContext(store, principal, client).transaction(async (tx) => {
    await tx.query(models.user).filter({ id: principal.userId }).update(changes)
    await revoker.userChanged(tx, principal.userId)
  })
}

async function ownUser(ctx: Context, models: AuthModels, { userId: id }: Principal): Promise<Row<UserModel>> {
  const user = await ctx.query(models.user).filter({ id }).first()
  if (user === null) throw new ApiError('token_not_valid')
  return user
}

async function detailsOf(ctx: Context, models: AuthModels, user: Row<UserModel>): Promise<OwnDetails> {
  const { id, email, name, phone, language, time_zone, is_superuser, last_login } = user
  return {
    ...{ id, email, name, phone, language, time_zone, is_superuser, last_login },
    email_verified: user.email_verified_at !== null,
    has_password: user.password !== null,
    has_second_factor: await hasSecondFactor(ctx, models, id),
    has_avatar: await ctx.query(models.avatar).filter({ user: id }).exists(),
  }
}

async function hasSecondFactor(ctx: Context, models: AuthModels, user: string): Promise<boolean> {
  if (await ctx.query(models.totp).filter({ user, confirmed_at__isnull: false }).exists()) return true
  return ctx.query(models.passkey).filter({ user }).exists()
}

async function impersonatorOf(
  ctx: Context,
  models: AuthModels,
  { impersonator }: Principal,
): Promise<Impersonator | null> {
  if (impersonator === null) return null
  const superuser = await ctx.query(models.user).filter({ id: impersonator }).first()
  return superuser && { id: superuser.id, email: superuser.email, name: superuser.name }
}
