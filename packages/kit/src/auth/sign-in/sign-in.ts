import { ApiError } from '../../base/index.ts'
import { type Context, createContext, type Row, type Store } from '../../db/index.ts'
import type { Lockout } from '../limits/lockout.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { needsRehash } from '../passwords/passwords.ts'
import type { Principal, Transport } from '../permissions/principal.ts'
import type { Sessions, SessionTokens } from '../sessions/sessions.ts'
import { allBusinesses, type OwnBusiness, ownBusiness, ownBusinesses } from './own-businesses.ts'

export interface SignInParts {
  readonly store: Store
  readonly models: AuthModels
  readonly sessions: Sessions
  readonly passwords: PasswordHasher
  readonly lockout: Lockout
}

export interface Credentials {
  readonly email: string
  readonly password: string
  /** `bearer` unless it says otherwise. */
  readonly transport?: Transport
}

/** What a user is told of themselves. */
export type SignedInUser = Pick<Row<UserModel>, 'id' | 'email' | 'name' | 'is_superuser' | 'last_login'>

/** Who is signed in, where, and where else they may go. */
export interface Profile {
  readonly user: SignedInUser
  readonly business: OwnBusiness | null
  readonly businesses: readonly OwnBusiness[]
}

export interface SignIn extends SessionTokens, Profile {}

/** Tokens for another business. */
export interface Switched extends SessionTokens {
  readonly business: OwnBusiness
}

/** Signs a user in, into the first by name of the businesses they belong to. @throws {ApiError} `invalid_credentials` */
export async function login(parts: SignInParts, credentials: Credentials, client: Client): Promise<SignIn> {
  const { store, models, sessions } = parts
  const user = await checkCredentials(parts, credentials, client)
  const ctx = systemContext(store, user.id, client)
  const own = await ownBusinesses(ctx, models, user.id)
  const business = own[0] ?? null
  const last_login = new Date(store.clock.now())
  const pair = await ctx.transaction(async (tx) => {
    await tx.query(models.user).filter({ id: user.id }).update({ last_login })
    return sessions.start(tx, {
      userId: user.id,
      business: business?.id ?? null,
      client,
      transport: credentials.transport ?? 'bearer',
    })
  })
  const businesses = user.is_superuser ? await allBusinesses(ctx, models) : own
  return { ...pair, user: shown({ ...user, last_login }), business, businesses }
}

/**
 * Begins a session in another business of one's own; a superuser may enter any. The session that asks goes on.
 *
 * @throws {ApiError} `not_found` if there is no such business, it is inactive or it is not the user's: all in one answer
 */
export async function switchBusiness(
  parts: SignInParts,
  principal: Principal,
  { business, client }: { readonly business: string; readonly client: Client },
): Promise<Switched> {
  const { userId, authenticatedAtMs, hasSecondFactor, transport } = principal
  // Whoever works as another does so in one business, and not for longer than was said.
  if (principal.impersonator !== null) throw new ApiError('permission_denied')
  const target = await enterable(parts, principal, { business, client })
  if (target === null) throw new ApiError('not_found')
  const ctx = systemContext(parts.store, userId, client)
  const pair = await parts.sessions.start(ctx, {
    userId,
    business,
    client,
    authenticatedAtMs,
    hasSecondFactor,
    transport,
  })
  return { ...pair, business: target }
}

/** Tells the signed-in user of themselves. @throws {ApiError} `token_not_valid` if they are gone */
export async function profileOf(
  { store, models }: SignInParts,
  principal: Principal,
  client: Client,
): Promise<Profile> {
  const ctx = systemContext(store, principal.userId, client)
  const user = await ctx.query(models.user).filter({ id: principal.userId }).first()
  if (user === null) throw new ApiError('token_not_valid')
  const { is_superuser: isSuperuser } = user
  const businesses = isSuperuser ? await allBusinesses(ctx, models) : await ownBusinesses(ctx, models, user.id)
  return { user: shown(user), business: await presentBusiness(ctx, models, principal), businesses }
}

async function checkCredentials(parts: SignInParts, credentials: Credentials, client: Client): Promise<Row<UserModel>> {
  const guess = { account: credentials.email, client }
  const user = await parts.lockout.guard(guess, () => findByCredentials(parts, credentials, client))
  if (user === null) throw new ApiError('invalid_credentials')
  return user
}

/** The user whose password it is; null, whatever is wrong. */
async function findByCredentials(
  { store, models, passwords }: SignInParts,
  { email, password }: Credentials,
  client: Client,
): Promise<Row<UserModel> | null> {
  const ctx = systemContext(store, null, client)
  const user = await ctx.query(models.user).filter({ email }).first()
  // Verify even when the account is unknown or inactive: answering sooner would reveal which e-mails exist.
  const isRight = await passwords.verify(password, user?.password ?? null)
  if (user === null || !isRight || !user.is_active) return null
  if (user.password !== null && needsRehash(user.password)) {
    const hashed = await passwords.hash(password)
    await ctx.query(models.user).filter({ id: user.id }).update({ password: hashed })
  }
  return user
}

async function enterable(
  { store, models }: SignInParts,
  { userId, isSuperuser }: Principal,
  { business, client }: { readonly business: string; readonly client: Client },
): Promise<OwnBusiness | null> {
  const outside = systemContext(store, userId, client)
  const target = await outside.query(models.business).filter({ id: business, is_active: true }).first()
  if (target === null) return null
  if (isSuperuser) return ownBusiness(target, 'admin')
  const { requestId, queryLog = null } = client
  const inside = createContext(store, { actor: userId, business, requestId, queryLog })
  const membership = await inside.query(models.membership).filter({ user: userId, is_active: true }).first()
  return membership && ownBusiness(target, membership.role)
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

function shown({ id, email, name, is_superuser, last_login }: Row<UserModel>): SignedInUser {
  return { id, email, name, is_superuser, last_login }
}

/** A context outside any business, where users and sessions are. */
function systemContext(store: Store, actor: string | null, { requestId, queryLog = null }: Client): Context {
  return createContext(store, { actor, business: null, requestId, queryLog })
}
