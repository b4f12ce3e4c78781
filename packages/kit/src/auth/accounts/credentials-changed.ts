import type { Context } from '../../db/index.ts'
import type { OneTimePurpose, OneTimeTokens } from '../one-time/one-time-tokens.ts'
import type { EndAllOptions, Revoker } from '../sessions/revoker.ts'

/** What was given out to whoever knew the password, or read the mail, from before. */
const WITHDRAWN: readonly OneTimePurpose[] = ['reset_password', 'change_email', 'challenge', 'email_code']

/**
 * Takes back all that the former password or address of a user led to: sessions, links that are under way, and
 * sign-ins that have begun. Call it in the transaction of the change.
 */
export async function credentialsChanged(
  tx: Context,
  { oneTime, revoker }: { readonly oneTime: OneTimeTokens; readonly revoker: Revoker },
  { userId, ...options }: EndAllOptions & { readonly userId: string },
): Promise<void> {
  for (const purpose of WITHDRAWN) await oneTime.withdraw(tx, purpose, { user: userId })
  await revoker.endAllSessions(tx, userId, options)
  await revoker.userChanged(tx, userId)
}
