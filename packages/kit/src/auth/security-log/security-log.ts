import type { Kysely } from 'kysely'
import { newId } from '../../base/index.ts'
import type { Context, Json } from '../../db/index.ts'
import type { SecurityEventModel } from '../models/account-models.ts'
import type { AuthModels } from '../models/auth-models.ts'
import { type Client, clientColumns } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import { isNewDevice } from './new-device.ts'

const DAY_MS = 86_400_000
const NOT_TOLD = { ip: null, userAgent: null }

/** What can happen to an account. `docs/reference/security-log.md` is held equal to it. */
export const SECURITY_EVENTS = {
  registered: 'The account was made.',
  email_verified: 'The e-mail address was verified.',
  email_changed: 'The e-mail address was changed.',
  password_changed: 'The password was changed, for the old one.',
  password_reset: 'The password was changed, by a link in an e-mail.',
  login: 'Signed in.',
  login_failed: 'Somebody tried to sign in, and failed.',
  account_locked: 'Locked, after too many wrong guesses.',
  second_factor_failed: 'The password was right, and what was given as the second factor was not.',
  reauthenticated: 'Proved again who they are.',
  totp_enabled: 'An authenticator app was enrolled.',
  totp_disabled: 'The authenticator app was taken away.',
  passkey_added: 'A passkey was added.',
  passkey_removed: 'A passkey was removed.',
  passkey_renamed: 'A passkey got another name.',
  passkey_copied: 'A passkey was refused, as it seems to have been copied: its count went back.',
  recovery_codes_renewed: 'New recovery codes were made.',
  recovery_code_used: 'A recovery code was used.',
  email_code_sent: 'A code for signing in was sent by e-mail.',
  device_trusted: 'A device was spared the second factor.',
  device_revoked: 'A device is no longer spared the second factor.',
  logout: 'Signed out.',
  session_ended: 'Ended one of the sessions.',
  other_sessions_ended: 'Ended all other sessions.',
  all_sessions_ended: 'Signed out everywhere.',
  refresh_token_replayed: 'A refresh token that was dead came again: the session was ended.',
  invited: 'Somebody was invited to the business.',
  invitation_revoked: 'An invitation was taken back.',
  invitation_accepted: 'Joined the business by an invitation.',
  role_changed: 'Got another role in the business.',
  membership_deactivated: 'May no longer enter the business.',
  membership_activated: 'May enter the business again.',
  membership_removed: 'Was removed from the business.',
  account_unlocked: 'An admin unlocked the account.',
  second_factor_reset: 'An admin took the second factor away.',
  api_key_created: 'Made an API key of the business.',
  api_key_changed: 'Changed what an API key may do, or from where.',
  api_key_rotated: 'Renewed an API key.',
  api_key_revoked: 'Took an API key back.',
  business_security_changed: 'What the business demands of sign-ins was changed.',
  impersonation_started: 'A superuser began to work as the user.',
  impersonation_ended: 'The superuser ended the work as the user.',
} as const

export type SecurityEventKind = keyof typeof SECURITY_EVENTS

export interface NewSecurityEvent {
  readonly kind: SecurityEventKind
  /** Whom it happened to; null where no account has the address. */
  readonly user: string | null
  /** The business it happened in, whose admins may read of it. */
  readonly business?: string | null
  /** Who did it, where that is not the user. */
  readonly actor?: string | null
  readonly session?: string | null
  readonly client: Pick<Client, 'ip' | 'userAgent'>
  /** Never a secret, and nothing of another business. */
  readonly details?: { readonly [name: string]: Json }
}

/** Writes down what happens to accounts, in the transaction of the change itself. */
export class SecurityLog {
  readonly #model: SecurityEventModel
  readonly #user: UserModel

  constructor(models: Pick<AuthModels, 'securityEvent' | 'user'>) {
    this.#model = models.securityEvent
    this.#user = models.user
  }

  async record(ctx: Context, { client, details = {}, ...event }: NewSecurityEvent): Promise<void> {
    const at = new Date(ctx.store.clock.now())
    // Whoever works as another is the one who does it.
    const actor = event.actor ?? ctx.impersonator
    // Writing whose event it is looks that user up. Where there is none, look for nobody: an address that no account has
    // must not be answered sooner.
    if (event.user === null) await this.#lookForNobody(ctx)
    // From where an operator works is none of the user's business, nor of the businesses that read of it.
    const place = clientColumns(ctx.impersonator === null ? client : NOT_TOLD)
    await ctx.query(this.#model).create({ ...event, actor, at, ...place, details })
  }

  /** By the very statement that `create` looks for a user with. */
  async #lookForNobody(ctx: Context): Promise<void> {
    // as: the table's name is known at run time alone; every model has an id
    const sql = ctx.sql as unknown as Kysely<Record<string, { id: string }>>
    await sql.selectFrom(`${this.#user.table} as t0`).select('t0.id as f0').where('t0.id', 'in', [newId()]).execute()
  }

  /** Whether a user signs in from a device or a network that is not known of them. Ask before it is recorded. */
  isNewDevice(
    ctx: Context,
    whose: { readonly user: string; readonly client: Pick<Client, 'ip' | 'userAgent'> },
  ): Promise<boolean> {
    return isNewDevice(ctx, this.#model, whose)
  }
}

/** Removes what is older than so many days (`SECURITY_LOG_DAYS`), and tells how many events there were. */
export function flushSecurityLog(ctx: Context, model: SecurityEventModel, days: number): Promise<number> {
  const before = new Date(ctx.store.clock.now() - days * DAY_MS)
  return ctx.query(model).filter({ at__lt: before }).delete()
}
