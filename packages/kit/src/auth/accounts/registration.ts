import { ApiError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { OutboxHandlers } from '../../mail/index.ts'
import type { Client } from '../models/client.ts'
import type { LANGUAGES, UserModel } from '../models/user-models.ts'
import type { Recipient } from '../notices/notices.ts'
import type { UsedToken } from '../one-time/one-time-tokens.ts'
import { type AccountParts, accountContext, linkNotValid } from './account-parts.ts'
import { checkNewPassword } from './new-password.ts'
import { type Origin, originOf } from './origin.ts'
import { makeOwnBusiness, type WantedBusiness } from './own-business.ts'

export type Language = (typeof LANGUAGES)[number]

/** Who wants an account. */
export interface NewRegistration {
  readonly email: string
  readonly name: string
  readonly password: string
  readonly language?: Language
  /** A business to make along with the account. */
  readonly business?: WantedBusiness | null
}

/** What is kept of it until the address is verified: never the password itself. */
type PendingRegistration = {
  readonly email: string
  readonly name: string
  readonly passwordHash: string
  readonly language: Language
  readonly business: { readonly name: string; readonly slug: string | null } | null
}

type RegistrationRequest = { readonly registration: PendingRegistration; readonly origin: Origin }
type VerificationRequest = { readonly email: string; readonly origin: Origin }

const VERIFICATION_MS = 24 * 3_600_000
const SALT_BYTES = 16

/**
 * Takes a registration down. No account is made, and nothing is looked up, before the owner of the address has followed
 * the link: so nobody can take the address of another, and the answer tells nobody whether it has an account.
 *
 * @throws {ApiError} `registration_closed`; `validation_failed` for a password that will not do; `service_unavailable`
 */
export async function register(parts: AccountParts, wanted: NewRegistration, client: Client): Promise<void> {
  const { store, passwords, outbox, emailLimit, box } = parts
  if (!parts.isRegistrationOpen) throw new ApiError('registration_closed')
  const { password, name, language = 'en', business } = wanted
  const email = wanted.email.toLowerCase()
  checkNewPassword(password, { email, name, businesses: business ? [business.name] : [] })
  const isSent = await emailLimit.take({ email, client })
  // One salt for each address, which nobody can work out: so two registrations tell whether their password is the same.
  const salt = Buffer.from(box.digest(email, 'registration salt'), 'hex').subarray(0, SALT_BYTES)
  const passwordHash = await passwords.hash(password, salt)
  const registration: PendingRegistration = {
    email,
    name,
    passwordHash,
    language,
    business: business ? { name: business.name, slug: business.slug ?? null } : null,
  }
  if (!isSent) return
  const request: RegistrationRequest = { registration, origin: originOf(client, store.clock.now()) }
  await outbox.add(accountContext(store, null, client), { topic: 'registration_requested', payload: request })
}

/** Sends the link once more to who has not verified the address yet. The answer is the same for every address. */
export async function resendVerification(parts: AccountParts, email: string, client: Client): Promise<void> {
  const { store, outbox, emailLimit } = parts
  if (!(await emailLimit.take({ email, client }))) return
  const request: VerificationRequest = { email: email.toLowerCase(), origin: originOf(client, store.clock.now()) }
  await outbox.add(accountContext(store, null, client), { topic: 'verification_requested', payload: request })
}

export interface VerifiedAddress {
  readonly email: string
  /** Several had registered the address, with different passwords: a link to choose one is on its way to it. */
  readonly needs_password: boolean
}

/**
 * Takes a link that was sent to verify an address: makes the account, and the business that was asked for, or marks the
 * address of an account as verified.
 *
 * @throws {ApiError} `link_not_valid`
 */
export async function verifyEmail(parts: AccountParts, token: string, client: Client): Promise<VerifiedAddress> {
  const { store, oneTime } = parts
  const ctx = accountContext(store, null, client)
  const registered = await oneTime.find(ctx, { purpose: 'register', token })
  const found = registered ?? (await oneTime.find(ctx, { purpose: 'verify_email', token }))
  if (found === null) throw linkNotValid()
  const verified = { found, client }
  return ctx.transaction((tx) => (registered ? makeAccount(parts, tx, verified) : markVerified(parts, tx, verified)))
}

/** What the worker does with registrations and with wishes for another link. */
export function registrationHandlers(parts: AccountParts): OutboxHandlers {
  return {
    // as: each payload was written above
    registration_requested: (ctx, payload) => answerRegistration(parts, ctx, payload as RegistrationRequest),
    verification_requested: (ctx, payload) => answerVerification(parts, ctx, payload as VerificationRequest),
  }
}

async function answerRegistration(
  parts: AccountParts,
  ctx: Context,
  { registration, origin }: RegistrationRequest,
): Promise<void> {
  const { models, sendNotice, links } = parts
  const user = await ctx.query(models.user).filter({ email: registration.email }).first()
  if (user === null) return sendRegistrationLink(parts, ctx, { registration, origin })
  if (!user.is_active) return
  const values = { link: links('login'), at: origin.at }
  await sendNotice(ctx, { template: 'already_registered', to: user, client: origin, values })
}

async function answerVerification(
  parts: AccountParts,
  ctx: Context,
  { email, origin }: VerificationRequest,
): Promise<void> {
  const user = await ctx.query(parts.models.user).filter({ email }).first()
  if (user !== null) {
    if (user.is_active && user.email_verified_at === null) await sendVerificationLink(parts, ctx, { user, origin })
    return
  }
  const pending = await parts.oneTime.findNewest(ctx, { purpose: 'register', subject: subjectOf(parts, email) })
  if (pending === null) return
  const registration = pending.payload as PendingRegistration // as: sealed by sendRegistrationLink
  await sendRegistrationLink(parts, ctx, { registration, origin })
}

async function sendRegistrationLink(
  parts: AccountParts,
  ctx: Context,
  { registration, origin }: RegistrationRequest,
): Promise<void> {
  const { email } = registration
  const token = await parts.oneTime.issue(ctx, {
    purpose: 'register',
    ttlMs: VERIFICATION_MS,
    subject: subjectOf(parts, email),
    payload: registration,
  })
  await sendLink(parts, ctx, { to: registration, token, origin })
}

async function sendVerificationLink(
  parts: AccountParts,
  ctx: Context,
  { user, origin }: { readonly user: Row<UserModel>; readonly origin: Origin },
): Promise<void> {
  const { id, email } = user
  const payload = { email }
  const token = await parts.oneTime.issue(ctx, { purpose: 'verify_email', ttlMs: VERIFICATION_MS, user: id, payload })
  await sendLink(parts, ctx, { to: user, token, origin })
}

interface VerificationLink {
  readonly to: Recipient
  readonly token: string
  readonly origin: Origin
}

async function sendLink(
  { sendNotice, links }: AccountParts,
  ctx: Context,
  { to, token, origin }: VerificationLink,
): Promise<void> {
  const values = { link: links('verify_email', token), token, at: origin.at }
  await sendNotice(ctx, { template: 'verify_email', to, client: origin, values })
}

/** By what the links of one address are found. */
function subjectOf({ box }: AccountParts, email: string): string {
  return box.digest(email, 'register')
}

interface Verified {
  readonly found: UsedToken
  readonly client: Client
}

async function makeAccount(parts: AccountParts, tx: Context, { found, client }: Verified): Promise<VerifiedAddress> {
  const { models, securityLog, oneTime, outbox } = parts
  const { email, name, language, passwordHash, business } = found.payload as PendingRegistration // as: as above
  const at = new Date(tx.store.clock.now())
  const needs_password = await isContested(parts, tx, found)
  const made = { email, name, language, password: needs_password ? null : passwordHash, email_verified_at: at }
  // First of all: of several links of one address the others wait for this row, and none for each other's.
  const user = await tx.query(models.user).create(made).catch(refuseTaken)
  if (!(await oneTime.useUp(tx, found))) throw linkNotValid()
  // A link of another registration would make this account anew if its address were ever changed.
  await oneTime.withdraw(tx, 'register', { subject: subjectOf(parts, email) })
  const own = business === null ? null : await makeOwnBusiness(tx, models, { ...business, userId: user.id })
  await securityLog.record(tx, { kind: 'registered', user: user.id, business: own?.id ?? null, client })
  if (needs_password) {
    const payload = { email, origin: originOf(client, tx.store.clock.now()) }
    await outbox.add(tx, { topic: 'password_reset_requested', payload })
  }
  return { email, needs_password }
}

/**
 * Whether somebody else has registered the address with another password. A stranger who registers the address of a person
 * who is about to follow a link of their own would otherwise get an account of theirs with a password that the stranger
 * knows: all links look alike. So none of the passwords counts, and whoever reads the mail chooses one.
 */
async function isContested(parts: AccountParts, tx: Context, found: UsedToken): Promise<boolean> {
  const { email, passwordHash } = found.payload as PendingRegistration // as: as above
  const all = await parts.oneTime.findAll(tx, { purpose: 'register', subject: subjectOf(parts, email) })
  return all.some(({ payload }) => (payload as PendingRegistration).passwordHash !== passwordHash) // as: as above
}

/** Of several registrations of one address the first that is verified has it: the links of the others are as if used. */
function refuseTaken(error: unknown): never {
  throw error instanceof ApiError && error.code === 'conflict' ? linkNotValid() : error
}

async function markVerified(
  { models, securityLog, oneTime }: AccountParts,
  tx: Context,
  { found, client }: Verified,
): Promise<VerifiedAddress> {
  const { email } = found.payload as { readonly email: string } // as: sealed by sendVerificationLink
  const id = found.user ?? ''
  const marked = await tx
    .query(models.user)
    .filter({ id, email, is_active: true })
    .update({ email_verified_at: new Date(tx.store.clock.now()) })
  if (marked === 0 || !(await oneTime.useUp(tx, found))) throw linkNotValid()
  await oneTime.withdraw(tx, 'verify_email', { user: id })
  await securityLog.record(tx, { kind: 'email_verified', user: id, client })
  return { email, needs_password: false }
}
