import { ApiError, validationError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { Principal } from '../permissions/principal.ts'
import { type AccountParts, accountContext } from './account-parts.ts'
import { credentialsChanged } from './credentials-changed.ts'
import { checkPasswordOfUser } from './new-password.ts'

export interface PasswordChange {
  readonly oldPassword: string
  readonly password: string
}

/** Django's words. */
const WRONG = 'Your old password was entered incorrectly. Please enter it again.'

/**
 * Gives the signed-in user a new password, for the old one. The other sessions end; this one goes on.
 *
 * @throws {ApiError} `validation_failed` under `old_password` or `password`; `account_locked` and `throttled` after too
 *   many guesses; `conflict` if the password was changed meanwhile; `permission_denied` if it is not the user
 */
export async function changeOwnPassword(
  parts: AccountParts,
  principal: Principal,
  { oldPassword, password, client }: PasswordChange & { readonly client: Client },
): Promise<void> {
  const { store, models, passwords, lockout } = parts
  if (principal.apiKey !== null || principal.impersonator !== null) throw new ApiError('permission_denied')
  const ctx = accountContext(store, principal, client)
  const user = await ctx.query(models.user).get(principal.userId)
  const isRight = await lockout.guard({ account: user.email, client }, async () =>
    (await passwords.verify(oldPassword, user.password)) ? true : null,
  )
  if (isRight === null) throw validationError({ old_password: [WRONG] })
  await checkPasswordOfUser(ctx, models, { user, password })
  const hashed = await passwords.hash(password)
  await ctx.transaction((tx) => replacePassword(parts, tx, { user, hashed, client, principal }))
}

interface Replacement {
  readonly user: Row<UserModel>
  readonly hashed: string
  readonly client: Client
  readonly principal: Principal
}

async function replacePassword(
  parts: AccountParts,
  tx: Context,
  { user, hashed, client, principal }: Replacement,
): Promise<void> {
  const { models, securityLog, sendNotice } = parts
  const { id } = user
  // By the old hash as well: of two changes at the same time the second has shown a password that is no more.
  const changed = await tx.query(models.user).filter({ id, password: user.password }).update({ password: hashed })
  if (changed === 0) throw new ApiError('conflict')
  await credentialsChanged(tx, parts, { userId: id, except: principal.sessionId })
  await securityLog.record(tx, { kind: 'password_changed', user: id, session: principal.sessionId, client })
  await sendNotice(tx, { template: 'password_changed', to: user, client })
}
