import type { Context } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'

/** Which second factors a user has. */
export interface EnrolledFactors {
  readonly hasTotp: boolean
  readonly passkeys: number
  /** Recovery codes that are left: they stand in for a factor, and are none. */
  readonly recoveryCodes: number
}

export async function enrolledFactors(ctx: Context, models: AuthModels, userId: string): Promise<EnrolledFactors> {
  const hasTotp = await ctx.query(models.totp).filter({ user: userId, confirmed_at__isnull: false }).exists()
  const passkeys = await ctx.query(models.passkey).filter({ user: userId }).count()
  const recoveryCodes = await ctx.query(models.recoveryCode).filter({ user: userId, used_at__isnull: true }).count()
  return { hasTotp, passkeys, recoveryCodes }
}

/** Whether sign-ins of the user need a second step. */
export function hasSecondFactor({ hasTotp, passkeys }: EnrolledFactors): boolean {
  return hasTotp || passkeys > 0
}
