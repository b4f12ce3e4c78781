import type { Context } from '../../db/index.ts'
import type { OutboxHandlers } from '../../mail/index.ts'
import type { AccountLocked } from '../limits/lockout.ts'
import type { AccountParts } from './account-parts.ts'

/** What the worker does when an account was locked: it looks whether there is such an account, and tells its owner. */
export function accountLockedHandlers(parts: AccountParts): OutboxHandlers {
  return {
    // as: the payload is what Lockout wrote
    account_locked: (ctx, payload) => tellOwner(parts, ctx, payload as AccountLocked),
  }
}

async function tellOwner(
  { models, sendNotice, links }: AccountParts,
  ctx: Context,
  { email, until, at, ip, userAgent }: AccountLocked,
): Promise<void> {
  const user = await ctx.query(models.user).filter({ email, is_active: true }).first()
  if (user === null) return
  const values = { until, at, link: links('forgot_password') }
  await sendNotice(ctx, { template: 'account_locked', to: user, client: { ip, userAgent }, values })
}
