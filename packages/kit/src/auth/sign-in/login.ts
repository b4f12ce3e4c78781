import { ApiError } from '../../base/index.ts'
import type { Row } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import { needsRehash } from '../passwords/passwords.ts'
import type { Transport } from '../permissions/principal.ts'
import { finishSignIn, type SignIn } from './finish-sign-in.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  /** How the tokens will travel; in headers and bodies unless it says otherwise. */
  readonly transport?: Transport
}

/** How the second step of a sign-in may be taken. */
export const SECOND_FACTOR_METHODS = ['totp', 'passkey', 'recovery_code', 'email_code'] as const

export type SecondFactorMethod = (typeof SECOND_FACTOR_METHODS)[number]

/** What a user must answer who has given their password. */
export interface Challenge {
  /** Opens the second step of this sign-in, and nothing else. */
  readonly token: string
  readonly methods: readonly SecondFactorMethod[]
  readonly expires_at: Date
}

/** A sign-in that needs a second step. It tells nothing yet of the user. */
export interface Challenged {
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

export type LoginAnswer = SignIn | Challenged

/** Signs a user in by their password, or asks for the second factor. @throws {ApiError} `invalid_credentials` */
export async function login(parts: SignInParts, credentials: Credentials, client: Client): Promise<LoginAnswer> {
  const { email, transport = 'bearer' } = credentials
  const guess = { account: email, client }
  const user = await parts.lockout.guard(guess, () => findByCredentials(parts, credentials, client))
  const signIn = user && (await finishSignIn(parts, { user, client, transport, hasSecondFactor: false }))
  if (signIn === null) throw new ApiError('invalid_credentials')
  return signIn
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
  if (user.password === null || !needsRehash(user.password)) return user
  const hashed = await passwords.hash(password)
  const present = ctx.query(models.user).filter({ id: user.id, password: user.password })
  return (await present.update({ password: hashed })) === 1 ? { ...user, password: hashed } : null
}
