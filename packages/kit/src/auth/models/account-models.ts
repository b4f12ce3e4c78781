import {
  choice,
  datetime,
  foreignKey,
  json,
  longText,
  type Model,
  oneToOne,
  positiveInteger,
  type RelationTarget,
  text,
  uuid,
} from '../../db/index.ts'
import type { UserModel } from './user-models.ts'

/** What a one-time token is good for. */
export const ONE_TIME_PURPOSES = [
  'register',
  'verify_email',
  'change_email',
  'reset_password',
  'invitation',
  'challenge',
  'email_code',
  'passkey',
] as const

/** The fields of the model that keeps links, codes and challenges that are good once. */
export function oneTimeTokenFields<Target extends RelationTarget>(user: () => Target) {
  return {
    purpose: choice(ONE_TIME_PURPOSES),
    token_hash: text({ max: 64, unique: true, sensitive: true }),
    user: foreignKey(user, { onDelete: 'cascade' }).optional(),
    /** Whom or what it is about where there is no user yet: a digest, by which others of its kind are found. */
    subject: text({ max: 64 }).optional(),
    payload_sealed: longText({ max: 20_000, sensitive: true }).optional(),
    attempts: positiveInteger().default(0),
    created_at: datetime(),
    expires_at: datetime(),
    used_at: datetime().optional(),
  }
}

/** The fields of the model that tells what happened to accounts: who signed in, who failed, what was changed. */
export function securityEventFields<Target extends RelationTarget>(user: () => Target) {
  return {
    at: datetime(),
    /** What happened: `login`, `login_failed`, `password_changed`. */
    kind: text({ max: 50 }),
    user: foreignKey(user, { onDelete: 'set null' }).optional(),
    /** Who did it, where that is not the user. */
    actor: uuid().optional(),
    /** The business it happened in: its admins may read of it. */
    business: uuid().optional(),
    session: uuid().optional(),
    ip: text({ max: 45 }).optional(),
    user_agent: text({ max: 300 }).optional(),
    details: json(),
  }
}

/** The fields of the model that keeps the picture of a user: made anew from what was uploaded, as WebP in base64. */
export function avatarFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: oneToOne(user, { onDelete: 'cascade' }),
    content: longText({ max: 100_000 }),
    updated_at: datetime(),
  }
}

export type OneTimeTokenModel = Model<string, ReturnType<typeof oneTimeTokenFields<UserModel>>, 'global', 'uuid', false>
export type SecurityEventModel = Model<
  string,
  ReturnType<typeof securityEventFields<UserModel>>,
  'global',
  'uuid',
  false
>
export type AvatarModel = Model<string, ReturnType<typeof avatarFields<UserModel>>, 'global', 'uuid', false>
