import {
  avatarFields,
  oneTimeTokenFields,
  passkeyFields,
  recoveryCodeFields,
  securityEventFields,
  sessionFields,
  totpFields,
  trustedDeviceFields,
  userFields,
} from '@bailiwick/kit/auth'
import { model, type Row, type TableOf } from '@bailiwick/kit/db'

/** A person who signs in. */
export const User = model('account.User', {
  scope: 'global',
  reason: 'One person may belong to several businesses.',
  fields: userFields(),
  // By its label, since memberships point to users: inside a business only its members are seen.
  sharedThrough: () => ({ model: 'business.Membership', field: 'user' }),
  ordering: ['email'],
  display: 'email',
})
export type User = Row<typeof User>

const OF_A_PERSON = 'It belongs to a person, whatever the business.'

/** What a user has signed in to, from one place. It lives until it is ended or no longer renewed. */
export const Session = model('account.Session', {
  scope: 'global',
  reason: 'It is there before a business is chosen.',
  fields: sessionFields(() => User),
  indexes: [['user', 'ended_at'], ['impersonator'], ['expires_at']],
  ordering: ['-last_used_at'],
})
export type Session = Row<typeof Session>

/** The authenticator app of a user. */
export const Totp = model('account.Totp', { scope: 'global', reason: OF_A_PERSON, fields: totpFields(() => User) })
export type Totp = Row<typeof Totp>

/** A code, good once, for those who have lost their other factors. */
export const RecoveryCode = model('account.RecoveryCode', {
  scope: 'global',
  reason: OF_A_PERSON,
  fields: recoveryCodeFields(() => User),
  unique: [['user', 'code_hash']],
})
export type RecoveryCode = Row<typeof RecoveryCode>

/** A key of a user, kept by a device or a password manager (WebAuthn). */
export const Passkey = model('account.Passkey', {
  scope: 'global',
  reason: OF_A_PERSON,
  fields: passkeyFields(() => User),
  display: 'name',
})
export type Passkey = Row<typeof Passkey>

/** A device on which a user is not asked for the second factor. */
export const TrustedDevice = model('account.TrustedDevice', {
  scope: 'global',
  reason: OF_A_PERSON,
  fields: trustedDeviceFields(() => User),
  indexes: [['expires_at']],
})
export type TrustedDevice = Row<typeof TrustedDevice>

/** A link, a code or a challenge that is good once. */
export const OneTimeToken = model('account.OneTimeToken', {
  scope: 'global',
  reason: 'It is used before anybody is let into a business.',
  fields: oneTimeTokenFields(() => User),
  indexes: [['user', 'purpose'], ['subject', 'purpose'], ['expires_at']],
})
export type OneTimeToken = Row<typeof OneTimeToken>

/** What happened to an account. */
export const SecurityEvent = model('account.SecurityEvent', {
  scope: 'global',
  reason: 'It tells of a person; a business reads what happened inside it.',
  fields: securityEventFields(() => User),
  indexes: [['user', '-at'], ['business', '-at'], ['-at']],
  ordering: ['-at'],
})
export type SecurityEvent = Row<typeof SecurityEvent>

/** The picture of a user. */
export const Avatar = model('account.Avatar', {
  scope: 'global',
  reason: OF_A_PERSON,
  fields: avatarFields(() => User),
})
export type Avatar = Row<typeof Avatar>

declare module '@bailiwick/kit/db' {
  interface Tables {
    account_user: TableOf<typeof User>
    account_session: TableOf<typeof Session>
    account_totp: TableOf<typeof Totp>
    account_recoverycode: TableOf<typeof RecoveryCode>
    account_passkey: TableOf<typeof Passkey>
    account_trusteddevice: TableOf<typeof TrustedDevice>
    account_onetimetoken: TableOf<typeof OneTimeToken>
    account_securityevent: TableOf<typeof SecurityEvent>
    account_avatar: TableOf<typeof Avatar>
  }
}
