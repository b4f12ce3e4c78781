import type { Context, Row } from '../../db/index.ts'
import type { InvitationModel } from '../models/access-models.ts'
import type { AuthModels } from '../models/auth-models.ts'

export type Invitation = Row<InvitationModel>

/** What may still be accepted, as far as nobody has said otherwise; its link may have run out. */
export const OPEN = { accepted_at__isnull: true, revoked_at__isnull: true } as const

/**
 * Takes back what is open to an address in the business of `ctx`. Admins who invite at the same time may make several; who
 * joined by one and was removed again would come back by the next.
 */
export async function revokeInvitationsTo(
  ctx: Context,
  models: Pick<AuthModels, 'invitation'>,
  email: string,
): Promise<void> {
  const revoked_at = new Date(ctx.store.clock.now())
  await ctx
    .query(models.invitation)
    .filter({ email, ...OPEN })
    .update({ revoked_at })
}
