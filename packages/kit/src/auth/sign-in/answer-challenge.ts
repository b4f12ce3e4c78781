import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { OpenChallenge } from '../factors/challenges.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import { finishSignIn, type SignIn } from './finish-sign-in.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

/** The second step of a sign-in. */
export interface ChallengeAnswer {
  /** The token of the challenge. */
  readonly challenge: string
  readonly client: Client
  /** Whether the device is to be spared the second factor from now on. */
  readonly rememberDevice?: boolean
  /** Looks at what was given, before the transaction that begins the session. Null: it is wrong. */
  readonly prove: (ctx: Context, challenged: Challenged) => Promise<UseFactor | null>
}

/** Uses the factor up, in the transaction that begins the session; false if it is wrong after all, or somebody was sooner. */
export type UseFactor = (tx: Context) => Promise<boolean>

/** A challenge that may still be answered, and its user. */
export interface Challenged {
  readonly challenge: OpenChallenge
  readonly user: Row<UserModel>
}

/**
 * Ends a sign-in by its second factor. A guess counts at the account, as one of the password does, and at the challenge.
 *
 * @throws {ApiError} `token_not_valid` if the challenge is over; `invalid_code`; `account_locked`; `throttled`
 */
export async function answerChallenge(parts: SignInParts, answer: ChallengeAnswer): Promise<SignIn> {
  const { client, prove, rememberDevice = false } = answer
  const challenged = await findChallenge(parts, answer)
  const { challenge, user } = challenged
  const { transport } = challenge
  const ctx = systemContext(parts.store, user.id, client)
  const signIn = await parts.lockout.guard({ account: user.email, client }, async () => {
    if (!(await parts.challenges.countGuess(ctx, challenge))) throw new ApiError('token_not_valid')
    const useFactor = await prove(ctx, challenged)
    if (useFactor === null) return null
    const claim = async (tx: Context) => (await useFactor(tx)) && (await parts.challenges.use(tx, answer.challenge))
    return finishSignIn(parts, { user, client, transport, hasSecondFactor: true, rememberDevice, claim })
  })
  if (signIn !== null) return signIn
  await parts.securityLog.record(ctx, { kind: 'second_factor_failed', user: user.id, client })
  throw new ApiError('invalid_code')
}

/** @throws {ApiError} `token_not_valid` if it is unknown, used or expired, or the user is no longer let in */
export async function findChallenge(
  { store, models, challenges }: SignInParts,
  { challenge: token, client }: Pick<ChallengeAnswer, 'challenge' | 'client'>,
): Promise<Challenged> {
  const ctx = systemContext(store, null, client)
  const challenge = await challenges.find(ctx, token)
  if (challenge === null) throw new ApiError('token_not_valid')
  const user = await ctx.query(models.user).filter({ id: challenge.userId, is_active: true }).first()
  if (user === null) throw new ApiError('token_not_valid')
  return { challenge, user }
}
