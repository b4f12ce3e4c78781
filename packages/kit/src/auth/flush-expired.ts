import type { Context } from '../db/index.ts'
import type { LockoutSettings } from '../settings/index.ts'
import { flushAttempts } from './limits/lockout.ts'
import type { AuthModels } from './models/auth-models.ts'
import { flushSecurityLog } from './security-log/security-log.ts'
import { flushRevocations } from './sessions/revocation.ts'

export interface FlushOptions {
  readonly models: Pick<AuthModels, 'session' | 'oneTimeToken' | 'trustedDevice' | 'securityEvent'>
  readonly lockout: LockoutSettings
  /** How many days the security log is kept: `SECURITY_LOG_DAYS`. */
  readonly securityLogDays: number
}

/** How many rows of each kind were removed. */
export interface Flushed {
  readonly sessions: number
  readonly oneTimeTokens: number
  readonly trustedDevices: number
  readonly attemptCounters: number
  readonly revocations: number
  readonly securityEvents: number
}

/** Removes what can never be used again. Done twice, or on several nodes at once, it does no harm. */
export async function flushExpired(ctx: Context, options: FlushOptions): Promise<Flushed> {
  const { models, lockout, securityLogDays } = options
  const expired = { expires_at__lt: new Date(ctx.store.clock.now()) }
  return {
    sessions: await ctx.query(models.session).filter(expired).delete(),
    oneTimeTokens: await ctx.query(models.oneTimeToken).filter(expired).delete(),
    trustedDevices: await ctx.query(models.trustedDevice).filter(expired).delete(),
    attemptCounters: await flushAttempts(ctx, lockout),
    revocations: await flushRevocations(ctx),
    securityEvents: await flushSecurityLog(ctx, models.securityEvent, securityLogDays),
  }
}
