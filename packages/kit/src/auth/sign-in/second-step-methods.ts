import type { Context, Row } from '../../db/index.ts'
import type { SecondFactorMethod } from '../factors/challenges.ts'
import { enrolledFactors, hasSecondFactor } from '../factors/enrolled-factors.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Place } from './own-businesses.ts'

export interface WhoSignsIn {
  readonly user: Row<UserModel>
  readonly places: readonly Place[]
}

/**
 * How a user may take the second step of a sign-in; none, if they need not. Who has a factor needs it. Who has none, but
 * is about to enter a business that wants one, needs a code from an e-mail where such codes are taken.
 */
export async function secondStepMethods(
  ctx: Context,
  models: AuthModels,
  { user, places }: WhoSignsIn,
): Promise<SecondFactorMethod[]> {
  const factors = await enrolledFactors(ctx, models, user.id)
  const takesEmailCode = mayUseEmailCode({ user, places })
  const methods: readonly (readonly [SecondFactorMethod, boolean])[] = [
    ['totp', factors.hasTotp],
    ['passkey', factors.passkeys > 0],
    ['recovery_code', factors.recoveryCodes > 0],
    ['email_code', takesEmailCode],
  ]
  if (hasSecondFactor(factors)) return methods.flatMap(([method, isTaken]) => (isTaken ? [method] : []))
  return takesEmailCode && places[0]?.needsSecondFactor ? ['email_code'] : []
}

/**
 * A session goes from one business to the next with what it has proved. So a code from an e-mail is enough only if it is
 * for every business of the user; and never for a superuser, who may enter all that there are.
 */
function mayUseEmailCode({ user, places }: WhoSignsIn): boolean {
  return !user.is_superuser && places.length > 0 && places.every(({ allowsEmailCode }) => allowsEmailCode)
}
