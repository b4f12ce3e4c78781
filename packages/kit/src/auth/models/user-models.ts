import {
  boolean,
  choice,
  datetime,
  foreignKey,
  longText,
  type Model,
  multiChoice,
  phone,
  positiveInteger,
  type RelationTarget,
  slug,
  text,
  uuid,
} from '../../db/index.ts'
import { passwordHashField } from '../passwords/password-field.ts'
import { ROLES, TRANSPORTS } from '../permissions/principal.ts'
import { signInEmail } from './sign-in-email.ts'
import { timeZoneProblem } from './time-zone.ts'

/** The languages that e-mails are written in. */
export const LANGUAGES = ['en', 'ar'] as const

/** The fields that a user model must have; a project adds its own beside them. */
export function userFields() {
  return {
    email: signInEmail({ unique: true }),
    name: text({ max: 150 }),
    /** Null: the user cannot sign in by a password. */
    password: passwordHashField().optional(),
    is_active: boolean({ help: 'Off: the user can no longer sign in.' }).default(true),
    is_superuser: boolean({ help: 'May enter every business, as its admin.', readOnly: true }).default(false),
    last_login: datetime({ readOnly: true }).optional(),
    /** Null: nobody has shown yet that mail to the address is read by the user. */
    email_verified_at: datetime({ readOnly: true }).optional(),
    phone: phone().optional(),
    language: choice(LANGUAGES, { help: 'The language of e-mails.' }).default('en'),
    time_zone: text({
      max: 64,
      help: 'A name of the IANA database, such as `Europe/Berlin`.',
      validators: [timeZoneProblem],
    }).default('UTC'),
  }
}

/** The fields of the model that keeps who is signed in. */
export function sessionFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: foreignKey(user, { onDelete: 'cascade' }),
    /** The business that the session works in. */
    business: uuid().optional(),
    refresh_hash: text({ max: 64, sensitive: true }),
    created_at: datetime(),
    last_used_at: datetime({ help: 'When the session was last refreshed.' }),
    expires_at: datetime(),
    ended_at: datetime().optional(),
    ip: text({ max: 45 }).optional(),
    user_agent: text({ max: 300 }).optional(),
    transport: choice(TRANSPORTS).default('bearer'),
    /** When the user last proved who they are, beyond having the tokens. */
    authenticated_at: datetime().optional(),
    /** Whether the session was begun with a second factor, or a passkey that counts as both. */
    has_second_factor: boolean().default(false),
    /** Counts the refreshes. An access token carries the number it was made with. */
    generation: positiveInteger().default(0),
    /** Of the refresh token before the present one, for a client that lost the answer. */
    previous_hash: text({ max: 64, sensitive: true }).optional(),
    /** The present tokens, sealed with the refresh token before them; null once the client has shown that it has them. */
    successor_sealed: longText({ max: 10_000, sensitive: true }).optional(),
    rotated_at: datetime().optional(),
    /** The superuser who works as the user in this session. */
    impersonator: uuid().optional(),
    impersonation_reason: text({ max: 300 }).optional(),
  }
}

/** The fields of the model, of scope `business`, that says who belongs to a business and as what. */
export function membershipFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: foreignKey(user, { onDelete: 'cascade' }),
    role: choice(ROLES),
    is_active: boolean({ help: 'Off: the user can no longer enter the business.' }).default(true),
  }
}

/** The fields that a business model must have. */
export function businessFields() {
  return {
    name: text({ max: 150 }),
    slug: slug({ unique: true }),
    is_active: boolean({ help: 'Off: nobody can work in the business.' }).default(true),
    two_factor_roles: multiChoice(ROLES, {
      help: 'Who works here in one of these roles needs a second factor.',
    }).default([]),
    allows_email_code: boolean({ help: 'Whether a code sent by e-mail may stand for the second factor.' }).default(
      false,
    ),
  }
}

export type UserModel = Model<string, ReturnType<typeof userFields>, 'global', 'uuid', false>
export type SessionModel = Model<string, ReturnType<typeof sessionFields<UserModel>>, 'global', 'uuid', false>
export type MembershipModel = Model<string, ReturnType<typeof membershipFields<UserModel>>, 'business', 'uuid'>
export type BusinessModel = Model<string, ReturnType<typeof businessFields>, 'global', 'uuid', false>
