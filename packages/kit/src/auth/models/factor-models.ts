import {
  bigInteger,
  boolean,
  datetime,
  foreignKey,
  json,
  longText,
  type Model,
  oneToOne,
  type RelationTarget,
  text,
} from '../../db/index.ts'
import type { UserModel } from './user-models.ts'

/** The fields of the model that keeps the secret of an authenticator app, one for each user. */
export function totpFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: oneToOne(user, { onDelete: 'cascade' }),
    secret_sealed: text({ max: 255, sensitive: true }),
    created_at: datetime(),
    /** Null: enrolment has begun, but no code has been shown yet. */
    confirmed_at: datetime().optional(),
    /** The time step of the last code that was taken: neither it nor an older one is taken again. */
    last_step: bigInteger().default(0n),
  }
}

/** The fields of the model that keeps the codes for those who have lost their other factors. */
export function recoveryCodeFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: foreignKey(user, { onDelete: 'cascade' }),
    code_hash: text({ max: 64, sensitive: true }),
    created_at: datetime(),
    used_at: datetime().optional(),
  }
}

/** The fields of the model that keeps passkeys, several for each user. */
export function passkeyFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: foreignKey(user, { onDelete: 'cascade' }),
    name: text({ max: 100 }),
    /** In base64url, up to 1,023 bytes: too long for a key, so its hash is unique. */
    credential_id: longText({ max: 1400 }),
    credential_hash: text({ max: 64, unique: true, sensitive: true }),
    public_key: longText({ max: 4000, sensitive: true }),
    sign_count: bigInteger().default(0n),
    transports: json(),
    is_backed_up: boolean().default(false),
    created_at: datetime(),
    last_used_at: datetime().optional(),
  }
}

/** The fields of the model that keeps the devices on which a user is not asked for the second factor. */
export function trustedDeviceFields<Target extends RelationTarget>(user: () => Target) {
  return {
    user: foreignKey(user, { onDelete: 'cascade' }),
    token_hash: text({ max: 64, unique: true, sensitive: true }),
    ip: text({ max: 45 }).optional(),
    user_agent: text({ max: 300 }).optional(),
    created_at: datetime(),
    last_used_at: datetime(),
    expires_at: datetime(),
  }
}

export type TotpModel = Model<string, ReturnType<typeof totpFields<UserModel>>, 'global', 'uuid', false>
export type RecoveryCodeModel = Model<string, ReturnType<typeof recoveryCodeFields<UserModel>>, 'global', 'uuid', false>
export type PasskeyModel = Model<string, ReturnType<typeof passkeyFields<UserModel>>, 'global', 'uuid', false>
export type TrustedDeviceModel = Model<
  string,
  ReturnType<typeof trustedDeviceFields<UserModel>>,
  'global',
  'uuid',
  false
>
