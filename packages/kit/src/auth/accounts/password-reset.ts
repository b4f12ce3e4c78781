import type { Context, Row } from '../../db/index.ts'
import type { OutboxHandlers } from '../../mail/index.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { UsedToken } from '../one-time/one-time-tokens.ts'
import { type AccountParts, accountContext, linkNotValid } from './account-parts.ts'
import { credentialsChanged } from './credentials-changed.ts'
import { checkPasswordOfUser } from './new-password.ts'
import { type Origin, originOf } from './origin.ts'

type ResetRequest = { readonly email: string; readonly origin: Origin }

export interface PasswordReset {
  readonly token: string
  readonly password: string
}

const RESET_MS = 3_600_000

/** Takes down that somebody has forgotten the password of an address. It looks nothing up: every address is answered alike. */
export async function requestPasswordReset(parts: AccountParts, email: string, client: Client): Promise<void> {
  const { store, outbox, emailLimit } = parts
  // Counted by itself: whoever has other mails sent to the address must not keep its owner from the one way back in.
  if (!(await emailLimit.take({ email, client, kind: 'reset' }))) return
  const request: ResetRequest = { email: email.toLowerCase(), origin: originOf(client, store.clock.now()) }
  await outbox.add(accountContext(store, null, client), { topic: 'password_reset_requested', payload: request })
}

/** What the worker does with it. */
export function passwordResetHandlers(parts: AccountParts): OutboxHandlers {
  return {
    // as: the payload was written above
    password_reset_requested: (ctx, payload) => sendResetLink(parts, ctx, payload as ResetRequest),
  }
}

/**
 * Gives the user of a link a new password. Every session ends, and whatever else the old password led to; a second
 * factor is asked for as before.
 *
 * @throws {ApiError} `link_not_valid`; `validation_failed` for a password that will not do, which leaves the link good
 */
export async function resetPassword(
  parts: AccountParts,
  { token, password }: PasswordReset,
  client: Client,
): Promise<void> {
  const { store, models, oneTime, passwords } = parts
  const ctx = accountContext(store, null, client)
  const found = await oneTime.find(ctx, { purpose: 'reset_password', token })
  const user = found && (await resettable(parts, ctx, found))
  if (!found || !user) throw linkNotValid()
  await checkPasswordOfUser(ctx, models, { user, password })
  const hashed = await passwords.hash(password)
  await ctx.transaction((tx) => replacePassword(parts, tx, { found, user, hashed, client }))
}

async function sendResetLink(parts: AccountParts, ctx: Context, { email, origin }: ResetRequest): Promise<void> {
  const { models, oneTime, sendNotice, links } = parts
  const user = await ctx.query(models.user).filter({ email, is_active: true }).first()
  if (user === null) return
  // Links from before stay good: else whoever asks again and again would keep the owner from using any.
  const token = await oneTime.issue(ctx, {
    purpose: 'reset_password',
    ttlMs: RESET_MS,
    user: user.id,
    payload: { email: user.email },
  })
  const values = { link: links('reset_password', token), token, at: origin.at }
  await sendNotice(ctx, { template: 'reset_password', to: user, client: origin, values })
}

/** The user of a link, if they may still use it and the address that it went to is still theirs. */
function resettable({ models }: AccountParts, ctx: Context, { user, payload }: UsedToken) {
  const { email } = payload as { readonly email: string } // as: sealed by sendResetLink
  return ctx
    .query(models.user)
    .filter({ id: user ?? '', email, is_active: true })
    .first()
}

interface NewPassword {
  readonly found: UsedToken
  readonly user: Row<UserModel>
  readonly hashed: string
  readonly client: Client
}

async function replacePassword(
  parts: AccountParts,
  tx: Context,
  { found, user, hashed, client }: NewPassword,
): Promise<void> {
  const { models, securityLog, sendNotice, lockout, oneTime } = parts
  const { id, email, email_verified_at } = user
  const at = new Date(tx.store.clock.now())
  // The user's row first, as everywhere: whoever else works on the user waits for it, and nobody for two things at once.
  const changed = await tx
    .query(models.user)
    .filter({ id, email, is_active: true })
    // Whoever has the link reads the mail of the address.
    .update({ password: hashed, email_verified_at: email_verified_at ?? at })
  if (changed === 0 || !(await oneTime.useUp(tx, found))) throw linkNotValid()
  await credentialsChanged(tx, parts, { userId: id })
  await lockout.clear(tx, email)
  await securityLog.record(tx, { kind: 'password_reset', user: id, client })
  await sendNotice(tx, { template: 'password_changed', to: user, client })
}
