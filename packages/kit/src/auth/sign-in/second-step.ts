import { ApiError, validationError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import {
  answerChallenge,
  type ChallengeAnswer,
  type Challenged,
  findChallenge,
  type UseFactor,
} from './answer-challenge.ts'
import type { SignIn } from './finish-sign-in.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

/** What a user gives in the second step: a code of the app or from an e-mail, or a recovery code. */
export interface SecondStep {
  /** The token of the challenge. */
  readonly challenge: string
  readonly code?: string | null
  readonly recovery_code?: string | null
  readonly remember_device?: boolean
}

/**
 * Takes the second step of a sign-in.
 *
 * @throws {ApiError} `validation_failed` unless exactly one code is given; and as `answerChallenge`
 */
export async function takeSecondStep(parts: SignInParts, step: SecondStep, client: Client): Promise<SignIn> {
  const { challenge, code = null, recovery_code: recoveryCode = null, remember_device: rememberDevice = false } = step
  if ((code === null) === (recoveryCode === null)) {
    throw validationError({ non_field_errors: ['Give either code or recovery_code.'] })
  }
  const prove: ChallengeAnswer['prove'] =
    code !== null
      ? (ctx, challenged) => proveByCode(parts, ctx, { ...challenged, code })
      : async (_, { user }) =>
          (tx) =>
            useRecoveryCode(parts, tx, { user, code: recoveryCode ?? '', client })
  return answerChallenge(parts, { challenge, client, rememberDevice, prove })
}

/**
 * Sends a code for the second step by e-mail. The answer does not wait for the mail.
 *
 * @throws {ApiError} `token_not_valid`; `permission_denied` if no such code is taken from the user; `throttled`
 */
export async function sendEmailCode(parts: SignInParts, token: string, client: Client): Promise<void> {
  const { challenge, user } = await findChallenge(parts, { challenge: token, client })
  if (!challenge.methods.includes('email_code')) throw new ApiError('permission_denied')
  const isTaken = await parts.emailLimit.take({ email: `${user.id} second step`, client })
  if (!isTaken) throw new ApiError('throttled', { headers: { 'retry-after': '3600' } })
  const { emailCodes, models, securityLog, sendNotice } = parts
  await systemContext(parts.store, user.id, client).transaction(async (tx) => {
    // Of two that are asked for at once only the last may be good: each waits for the other.
    await tx.query(models.user).filter({ id: user.id }).forUpdate().first()
    const code = await emailCodes.issue(tx, user.id)
    await securityLog.record(tx, { kind: 'email_code_sent', user: user.id, client })
    await sendNotice(tx, { template: 'email_code', to: user, client, values: { code } })
  })
}

/** By whichever code of six digits the user may have. */
async function proveByCode(
  { authenticators, emailCodes }: SignInParts,
  ctx: Context,
  { user: { id }, challenge, code }: Challenged & { readonly code: string },
): Promise<UseFactor> {
  const takesEmailCode = challenge.methods.includes('email_code') && (await emailCodes.countGuess(ctx, id))
  return async (tx) =>
    (await authenticators.use(tx, id, code)) || (takesEmailCode && (await emailCodes.use(tx, id, code)))
}

interface GivenRecoveryCode {
  readonly user: Row<UserModel>
  readonly code: string
  readonly client: Client
}

async function useRecoveryCode(
  { recoveryCodes, securityLog, sendNotice }: SignInParts,
  tx: Context,
  { user, code, client }: GivenRecoveryCode,
): Promise<boolean> {
  if (!(await recoveryCodes.use(tx, user.id, code))) return false
  const left = await recoveryCodes.left(tx, user.id)
  await securityLog.record(tx, { kind: 'recovery_code_used', user: user.id, client, details: { left } })
  await sendNotice(tx, { template: 'recovery_code_used', to: user, client, values: { left: String(left) } })
  return true
}
