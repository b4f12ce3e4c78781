import { ApiError, validationError } from '../../base/index.ts'
import type { Context } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import type { Revoker } from '../sessions/revoker.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

export interface ReauthenticateParts extends SignInParts {
  readonly revoker: Revoker
}

/** What a user proves again with who they are: the password; or a code of the app, for those who have no password. */
export interface FreshProof {
  readonly password?: string | null
  readonly code?: string | null
  readonly client: Client
}

/**
 * Takes the password or a code of the authenticator app in a session that is there, so that what protects the account may
 * be changed. A recovery code will not do: it is for signing in when all else is lost.
 *
 * @throws {ApiError} `invalid_credentials` or `invalid_code`; `account_locked`, `throttled`; `validation_failed` unless
 *   exactly one is given; `permission_denied` if it is not the user who works in the session
 */
export async function reauthenticate(
  parts: ReauthenticateParts,
  principal: Principal,
  { password = null, code = null, client }: FreshProof,
): Promise<void> {
  if (principal.apiKey !== null || principal.impersonator !== null) throw new ApiError('permission_denied')
  if ((password === null) === (code === null)) {
    throw validationError({ non_field_errors: ['Give either password or code.'] })
  }
  const ctx = systemContext(parts.store, principal.userId, client)
  const isRight = await parts.lockout.guard({ account: principal.email, client }, async () => {
    const isProved =
      password === null
        ? await parts.authenticators.use(ctx, principal.userId, code ?? '')
        : await isPassword(parts, ctx, { userId: principal.userId, password })
    return isProved || null
  })
  if (!isRight) throw new ApiError(password === null ? 'invalid_code' : 'invalid_credentials')
  await ctx.transaction(async (tx) => {
    await markAuthenticated(parts, tx, principal.sessionId)
    const { userId: user, sessionId: session } = principal
    await parts.securityLog.record(tx, { kind: 'reauthenticated', user, session, client })
  })
}

async function isPassword(
  { models, passwords }: ReauthenticateParts,
  ctx: Context,
  { userId, password }: { readonly userId: string; readonly password: string },
): Promise<boolean> {
  const user = await ctx.query(models.user).filter({ id: userId }).first()
  return passwords.verify(password, user?.password ?? null)
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
