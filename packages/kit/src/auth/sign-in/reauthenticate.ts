import { ApiError } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import type { Revoker } from '../sessions/revoker.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

export interface ReauthenticateParts extends SignInParts {
  readonly revoker: Revoker
}

/**
 * Takes the password anew in a session that is there, so that what protects the account may be changed.
 *
 * @throws {ApiError} `invalid_credentials`; `permission_denied` if it is not the user who works in the session
 */
export async function reauthenticate(
  parts: ReauthenticateParts,
  principal: Principal,
  { password, client }: { readonly password: string; readonly client: Client },
): Promise<void> {
  if (principal.apiKey !== null || principal.impersonator !== null) throw new ApiError('permission_denied')
  const ctx = systemContext(parts.store, principal.userId, client)
  const isRight = await parts.lockout.guard({ account: principal.email, client }, async () => {
    const user = await ctx.query(parts.models.user).filter({ id: principal.userId }).first()
    return (await parts.passwords.verify(password, user?.password ?? null)) || null
  })
  if (!isRight) throw new ApiError('invalid_credentials')
  await ctx.transaction(async (tx) => {
    await markAuthenticated(parts, tx, principal.sessionId)
    const { userId: user, sessionId: session } = principal
    await parts.securityLog.record(tx, { kind: 'reauthenticated', user, session, client })
  })
}

/** Notes in a session that its user has just proved who they are. */
export async function markAuthenticated(
  { models, revoker, store }: Pick<ReauthenticateParts, 'models' | 'revoker' | 'store'>,
  tx: Context,
  sessionId: string,
): Promise<void> {
  const open = tx.query(models.session).filter({ id: sessionId, ended_at__isnull: true })
  await open.update({ authenticated_at: new Date(store.clock.now()) })
  await revoker.sessionChanged(tx, sessionId)
}
