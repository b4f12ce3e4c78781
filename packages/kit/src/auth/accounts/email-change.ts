import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { OutboxHandlers } from '../../mail/index.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { UsedToken } from '../one-time/one-time-tokens.ts'
import type { Principal } from '../permissions/principal.ts'
import { assertRecentlyAuthenticated } from '../permissions/recent-authentication.ts'
import { type AccountParts, accountContext, linkNotValid } from './account-parts.ts'
import { credentialsChanged } from './credentials-changed.ts'
import { type Origin, originOf } from './origin.ts'

type ChangeRequest = { readonly user: string; readonly email: string; readonly origin: Origin }

/** The addresses before and after. */
type Change = { readonly from: string; readonly to: string }

const CHANGE_MS = 3_600_000
const TAKEN = 'User with this email already exists.'

/**
 * Takes down that the signed-in user wants another address. A link goes to the new one, a notice to the old. Whether the
 * new one is somebody's is not told: only who reads its mail gets to know.
 *
 * @throws {ApiError} `reauthentication_required`; `permission_denied` if it is not the user who works in the session
 */
export async function requestEmailChange(
  parts: AccountParts,
  principal: Principal,
  { email, client }: { readonly email: string; readonly client: Client },
): Promise<void> {
  const { store, outbox, emailLimit } = parts
  assertRecentlyAuthenticated(principal, store.clock)
  if (!(await emailLimit.take({ email, client }))) return
  const origin = originOf(client, store.clock.now())
  const request: ChangeRequest = { user: principal.userId, email: email.toLowerCase(), origin }
  await outbox.add(accountContext(store, principal, client), { topic: 'email_change_requested', payload: request })
}

/** What the worker does with it. */
export function emailChangeHandlers(parts: AccountParts): OutboxHandlers {
  return {
    // as: the payload was written above
    email_change_requested: (ctx, payload) => sendChangeLinks(parts, ctx, payload as ChangeRequest),
  }
}

/**
 * Takes the link that went to the new address: from now on it is the user's. All sessions end but the one that the link
 * is followed in, if it is the user's.
 *
 * @throws {ApiError} `link_not_valid`; `conflict` if the address has an account by now
 */
export async function confirmEmailChange(
  parts: AccountParts,
  principal: Principal | null,
  { token, client }: { readonly token: string; readonly client: Client },
): Promise<{ readonly email: string }> {
  const { store, oneTime } = parts
  const ctx = accountContext(store, principal, client)
  const found = await oneTime.find(ctx, { purpose: 'change_email', token })
  if (found === null || found.user === null) throw linkNotValid()
  const userId = found.user
  const change = found.payload as Change // as: sealed by sendConfirmation
  const sessionId = principal?.userId === userId ? principal.sessionId : null
  await ctx.transaction((tx) => replaceEmail(parts, tx, { ...change, found, userId, sessionId, client }))
  return { email: change.to }
}

async function sendChangeLinks(parts: AccountParts, ctx: Context, request: ChangeRequest): Promise<void> {
  const { models, oneTime, sendNotice } = parts
  const { email, origin } = request
  const user = await ctx.query(models.user).filter({ id: request.user, is_active: true }).first()
  if (user === null || user.email === email) return
  // The user has thought again: only the last address that was wanted counts.
  await oneTime.withdraw(ctx, 'change_email', { user: user.id })
  const isTaken = await ctx.query(models.user).filter({ email }).exists()
  if (!isTaken) await sendConfirmation(parts, ctx, { user, email, origin })
  const values = { email, at: origin.at }
  await sendNotice(ctx, { template: 'email_change_requested', to: user, client: origin, values })
}

async function sendConfirmation(
  { oneTime, sendNotice, links }: AccountParts,
  ctx: Context,
  { user, email, origin }: { readonly user: Row<UserModel>; readonly email: string; readonly origin: Origin },
): Promise<void> {
  const payload: Change = { from: user.email, to: email }
  const token = await oneTime.issue(ctx, { purpose: 'change_email', ttlMs: CHANGE_MS, user: user.id, payload })
  const values = { email, link: links('confirm_email', token), token, at: origin.at }
  await sendNotice(ctx, { template: 'confirm_new_email', to: { ...user, email }, client: origin, values })
}

interface Replacement extends Change {
  readonly found: UsedToken
  readonly userId: string
  readonly sessionId: string | null
  readonly client: Client
}

async function replaceEmail(
  parts: AccountParts,
  tx: Context,
  { found, from, to, userId: id, sessionId, client }: Replacement,
): Promise<void> {
  const { models, sendNotice, oneTime, securityLog } = parts
  const at = new Date(tx.store.clock.now())
  // The user's row first, as everywhere.
  const changed = await tx
    .query(models.user)
    .filter({ id, email: from, is_active: true })
    .update({ email: to, email_verified_at: at })
    .catch(refuseTaken)
  if (changed === 0 || !(await oneTime.useUp(tx, found))) throw linkNotValid()
  await oneTime.withdraw(tx, 'verify_email', { user: id })
  await credentialsChanged(tx, parts, { userId: id, ...(sessionId !== null && { except: sessionId }) })
  await securityLog.record(tx, { kind: 'email_changed', user: id, session: sessionId, client })
  const user = await tx.query(models.user).get(id)
  await sendNotice(tx, { template: 'email_changed', to: { ...user, email: from }, client, values: { email: to } })
}

function refuseTaken(error: unknown): never {
  if (!(error instanceof ApiError) || error.code !== 'conflict') throw error
  throw new ApiError('conflict', { errors: { email: [TAKEN] }, cause: error })
}
