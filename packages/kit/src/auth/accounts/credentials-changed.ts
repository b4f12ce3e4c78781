import type { Context } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { OneTimePurpose } from '../one-time/one-time-tokens.ts'
import type { EndAllOptions, Revoker } from '../sessions/revoker.ts'

/** What was given out to whoever knew the password, or read the mail, from before. */
const WITHDRAWN: readonly OneTimePurpose[] = ['reset_password', 'change_email', 'challenge', 'email_code']

export interface CredentialParts {
  readonly models: Pick<AuthModels, 'oneTimeToken' | 'trustedDevice'>
  readonly revoker: Revoker
}

/**
 * Takes back all that the former password or address of a user led to: sessions, trusted devices, links that are under way,
 * and sign-ins that have begun. Call it in the transaction of the change.
 */
export async function credentialsChanged(
  tx: Context,
  { models, revoker }: CredentialParts,
  { userId, ...options }: EndAllOptions & { readonly userId: string },
): Promise<void> {
  const given = tx.query(models.oneTimeToken).filter({ user: userId, purpose__in: WITHDRAWN, used_at__isnull: true })
  await given.update({ used_at: new Date(tx.store.clock.now()) })
  await tx.query(models.trustedDevice).filter({ user: userId }).delete()
  await revoker.endAllSessions(tx, userId, options)
  await revoker.userChanged(tx, userId)
}
