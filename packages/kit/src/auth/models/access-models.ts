import { choice, datetime, type Model, text } from '../../db/index.ts'
import { ROLES } from '../permissions/principal.ts'
import { networksField, scopesField } from './key-fields.ts'
import { signInEmail } from './sign-in-email.ts'

/** The fields of the model, of scope `business`, that keeps the keys by which programs call the API. */
export function apiKeyFields() {
  return {
    name: text({ max: 100 }),
    /** The beginning of the key, by which people know it and the server finds it. */
    prefix: text({ max: 32, unique: true }),
    key_hash: text({ max: 64, sensitive: true }),
    scopes: scopesField(),
    role: choice(ROLES),
    allowed_addresses: networksField(),
    expires_at: datetime().optional(),
    revoked_at: datetime().optional(),
    last_used_at: datetime().optional(),
    last_used_ip: text({ max: 45 }).optional(),
    /** After a rotation the key before is taken for a while. */
    previous_hash: text({ max: 64, sensitive: true }).optional(),
    previous_expires_at: datetime().optional(),
  }
}

/** The fields of the model, of scope `business`, that keeps who was asked to join. */
export function invitationFields() {
  return {
    email: signInEmail({ unique: false }),
    role: choice(ROLES),
    expires_at: datetime(),
    accepted_at: datetime().optional(),
    revoked_at: datetime().optional(),
  }
}

export type ApiKeyModel = Model<string, ReturnType<typeof apiKeyFields>, 'business', 'uuid', false>
export type InvitationModel = Model<string, ReturnType<typeof invitationFields>, 'business', 'uuid', false>
