import {
  boolean,
  choice,
  datetime,
  email,
  Field,
  foreignKey,
  type Model,
  Problem,
  type RelationTarget,
  slug,
  type TextField,
  text,
  uuid,
} from '../db/index.ts'
import { ROLES } from './principal.ts'

/** The fields that a user model must have; a project adds its own beside them. */
export function userFields() {
  return {
    email: signInEmail(),
    name: text({ max: 150 }),
    /** Null: the user cannot sign in by a password. */
    password: text({ max: 255, sensitive: true }).optional(),
    is_active: boolean({ help: 'Off: the user can no longer sign in.' }).default(true),
    is_superuser: boolean({ help: 'May enter every business, as its admin.', readOnly: true }).default(false),
    last_login: datetime({ readOnly: true }).optional(),
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
  }
}

/** The fields of the model, of scope `business`, that says who belongs to a business and as what. */
export function membershipFields<Target extends RelationTarget>(user: () => Target) {
  return { user: foreignKey(user, { onDelete: 'cascade' }), role: choice(ROLES) }
}

/** The fields that a business model must have. */
export function businessFields() {
  return {
    name: text({ max: 150 }),
    slug: slug({ unique: true }),
    is_active: boolean({ help: 'Off: nobody can work in the business.' }).default(true),
  }
}

export type UserModel = Model<string, ReturnType<typeof userFields>, 'global', 'uuid', false>
export type SessionModel = Model<string, ReturnType<typeof sessionFields<UserModel>>, 'global', 'uuid', false>
export type MembershipModel = Model<string, ReturnType<typeof membershipFields<UserModel>>, 'business', 'uuid'>
export type BusinessModel = Model<string, ReturnType<typeof businessFields>, 'global', 'uuid', false>

/** The models of a project that signing in works with. */
export interface AuthModels {
  readonly user: UserModel
  readonly session: SessionModel
  readonly membership: MembershipModel
  readonly business: BusinessModel
}

/** An address that means the same in any case: it is kept, and looked for, in lower case. */
function signInEmail(): TextField {
  const { kind, settings } = email({ unique: true })
  const parse = (input: unknown): unknown => {
    const parsed: unknown = kind.parse(input)
    return parsed instanceof Problem ? parsed : String(parsed).toLowerCase()
  }
  return new Field({ ...kind, parse, parseText: parse }, settings)
}
