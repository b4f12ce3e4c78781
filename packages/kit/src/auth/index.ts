export { type Auth, type AuthOptions, createAuth, type SwitchTarget } from './auth.ts'
export {
  type AuthModels,
  type BusinessModel,
  businessFields,
  type MembershipModel,
  membershipFields,
  type SessionModel,
  sessionFields,
  type UserModel,
  userFields,
} from './auth-models.ts'
export { clientOf, type InstallAuthOptions, installAuth, principalOf } from './authenticate-requests.ts'
export type { OwnBusiness } from './own-businesses.ts'
export { passwordField } from './password-field.ts'
export { PasswordHasher } from './password-hasher.ts'
export { type PasswordOwner, passwordProblems } from './password-rules.ts'
export { DECOY_HASH, hashPassword, needsRehash, verifyPassword } from './passwords.ts'
export {
  and,
  not,
  or,
  type Permission,
  type PermissionRules,
  type PermissionSubject,
  permission,
} from './permission.ts'
export { allowAny, atLeast, isAuthenticated, isMember, isOwner, isSuperuser } from './permissions.ts'
export { hasRole, type Principal, ROLES, type Role } from './principal.ts'
export { refuse, refuseObject } from './refuse.ts'
export { Revocation } from './revocation.ts'
export { createRevoker, type EndAllOptions, type Revoker, type RevokerOptions } from './revoker.ts'
export type { Client } from './sessions.ts'
export type { Credentials, Profile, SignedInUser, SignIn, Switched } from './sign-in.ts'
export type { TokenPair } from './tokens.ts'
