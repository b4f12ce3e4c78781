import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { Challenge, SecondFactorMethod } from '../factors/challenges.ts'
import { enrolledFactors, hasSecondFactor } from '../factors/enrolled-factors.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import { needsRehash } from '../passwords/passwords.ts'
import type { Transport } from '../permissions/principal.ts'
import { finishSignIn, type SignIn, stillSame } from './finish-sign-in.ts'
import { ownBusinesses } from './own-businesses.ts'
import { secondStepMethods, type WhoSignsIn } from './second-step-methods.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  /** How the tokens will travel; in headers and bodies unless it says otherwise. */
  readonly transport?: Transport
  /** What spares a device the second factor. */
  readonly device_token?: string | null
}

/** A sign-in that needs a second step. It tells nothing yet of the user. */
export interface AskedForFactor {
  readonly access: null
  readonly refresh: null
  readonly transport: Transport
  readonly user: null
  readonly business: null
  readonly businesses: readonly []
  readonly second_factor_required: false
  readonly device_token: null
  readonly challenge: Challenge
}

export type LoginAnswer = SignIn | AskedForFactor

/**
 * Signs a user in by their password, or asks for the second factor.
 *
 * @throws {ApiError} `invalid_credentials`, whatever is wrong; `account_locked`; `throttled`
 */
export async function login(parts: SignInParts, credentials: Credentials, client: Client): Promise<LoginAnswer> {
  const { email, device_token: deviceToken = null } = credentials
  const ctx = systemContext(parts.store, null, client)
  const deviceId = deviceToken === null ? null : await parts.devices.find(ctx, { token: deviceToken, email })
  const guess = { account: email, client, deviceId, isLast: ({ methods }: Known) => isLast(methods, deviceId) }
  const known = await parts.lockout.guard(guess, (evaluated) =>
    findByCredentials(parts, { ...credentials, client, evaluated }),
  )
  const answer = known && (await goOn(parts, { ...credentials, ...known, deviceId, client }))
  if (answer === null) throw new ApiError('invalid_credentials')
  return answer
}

/** A user whose password it was, and how they may take the second step, if they need one. */
interface Known extends WhoSignsIn {
  readonly methods: readonly SecondFactorMethod[]
}

const isLast = (methods: readonly SecondFactorMethod[], deviceId: string | null) =>
  methods.length === 0 || deviceId !== null

type GoingOn = Known & Credentials & { readonly deviceId: string | null; readonly client: Client }

async function goOn(parts: SignInParts, known: GoingOn): Promise<LoginAnswer | null> {
  const { user, places, methods, deviceId, client, transport = 'bearer' } = known
  const signIn = { user, client, transport, places }
  if (methods.length === 0) {
    const claim = (tx: Context) => hasNoFactor(parts, tx, user)
    return finishSignIn(parts, { ...signIn, hasSecondFactor: false, claim })
  }
  if (deviceId === null) return challengeUser(parts, known)
  const claim = (tx: Context) => parts.devices.touch(tx, { id: deviceId, client })
  return finishSignIn(parts, { ...signIn, hasSecondFactor: true, deviceId, claim })
}

/** A factor that was enrolled while the password was being verified is asked for as well. */
async function hasNoFactor({ models }: SignInParts, tx: Context, { id }: Row<UserModel>): Promise<boolean> {
  return !hasSecondFactor(await enrolledFactors(tx, models, id))
}

async function challengeUser(
  { store, models, challenges }: SignInParts,
  { user, methods, client, transport = 'bearer' }: GoingOn,
): Promise<AskedForFactor | null> {
  return systemContext(store, user.id, client).transaction(async (tx) => {
    // Held, so that no challenge outlives the password that it was given for.
    if ((await tx.query(models.user).filter(stillSame(user)).forUpdate().first()) === null) return null
    const challenge = await challenges.open(tx, { userId: user.id, methods, transport })
    return { ...NOTHING_YET, transport, challenge }
  })
}

const NOTHING_YET = {
  access: null,
  refresh: null,
  user: null,
  business: null,
  businesses: [],
  second_factor_required: false,
  device_token: null,
} as const

interface PasswordGuess extends Credentials {
  readonly client: Client
  readonly evaluated: (isRight: boolean) => void
}

/** The user whose password it is; null, whatever is wrong. The same is read, done and written for whatever is. */
async function findByCredentials(
  parts: SignInParts,
  { email, password, client, evaluated }: PasswordGuess,
): Promise<Known | null> {
  const { store, models, passwords, securityLog } = parts
  const ctx = systemContext(store, null, client)
  const user = await ctx.query(models.user).filter({ email }).first()
  // Verify even when the account is unknown or inactive: answering sooner would reveal which e-mails exist.
  const isRight = await passwords.verify(password, user?.password ?? null)
  const isLetIn = user?.is_active === true && isRight
  evaluated(isLetIn)
  const verified = isLetIn ? await rehashed(parts, ctx, { user, password }) : null
  if (verified === null) {
    await securityLog.record(ctx, { kind: 'login_failed', user: user?.id ?? null, client })
    return null
  }
  const places = await ownBusinesses(systemContext(store, verified.id, client), models, verified.id)
  return { user: verified, places, methods: await secondStepMethods(ctx, models, { user: verified, places }) }
}

/** Hashes the password anew if that is done better now. Null if it was changed meanwhile. */
async function rehashed(
  { models, passwords }: SignInParts,
  ctx: Context,
  { user, password }: { readonly user: Row<UserModel>; readonly password: string },
): Promise<Row<UserModel> | null> {
  if (user.password === null || !needsRehash(user.password)) return user
  const hashed = await passwords.hash(password)
  if ((await ctx.query(models.user).filter(stillSame(user)).update({ password: hashed })) === 1) {
    return { ...user, password: hashed }
  }
  // Another sign-in may have been sooner with the same; or it is another password now.
  const present = await ctx.query(models.user).filter({ id: user.id, is_active: true }).first()
  return present && (await passwords.verify(password, present.password)) ? present : null
}
