export type { Accounts, OwnAvatars } from './accounts/accounts.ts'
export { AVATAR_CONTENT_TYPE, AVATAR_FIELD, AVATAR_MAX_BYTES, AVATAR_TYPES } from './accounts/avatar-image.ts'
export { type AskedBusiness, businessField } from './accounts/business-field.ts'
export { type CredentialParts, credentialsChanged } from './accounts/credentials-changed.ts'
export { createLinks, LINK_PATHS, type LinkKind, type LinkSettings, type Links } from './accounts/links.ts'
export type { DetailChanges, Impersonator, OwnAccount, OwnDetails } from './accounts/own-account.ts'
export type { WantedBusiness } from './accounts/own-business.ts'
export type { PasswordChange } from './accounts/password-change.ts'
export type { PasswordReset } from './accounts/password-reset.ts'
export type { NewRegistration } from './accounts/registration.ts'
export type { KeyChange, KeyValues, NewKeyValues, ShownKey } from './api-keys/manage-keys.ts'
export { isOpenToKeys } from './api-keys/scopes.ts'
export { type Auth, type AuthOptions, createAuth } from './auth.ts'
export { type Challenge, SECOND_FACTOR_METHODS, type SecondFactorMethod } from './factors/challenges.ts'
export type { FactorChange, FactorChanges } from './factors/factor-changes.ts'
export { type FactorCall, SecondFactor, type SecondFactorStatus, type TotpSetup } from './factors/second-factor.ts'
export type { Trust } from './factors/trust.ts'
export { type Flushed, type FlushOptions, flushExpired } from './flush-expired.ts'
export { AttemptCounter } from './limits/attempt-counter.ts'
export type { EmailLimit } from './limits/email-limit.ts'
export { type Guess, type Lockout, unlockAccount } from './limits/lockout.ts'
export type { Acceptance, Accepted, InvitationLinks, InvitationPreview } from './members/accept-invitation.ts'
export type { Administration } from './members/administration.ts'
export type { BusinessSecurity, SecurityDemands } from './members/business-security.ts'
export type { Impersonating, Impersonation, NewImpersonation } from './members/impersonation.ts'
export type { Invitations, NewInvitation } from './members/invitations.ts'
export type { Asker } from './members/member-parts.ts'
export type { MemberChange, MemberRequest, Members } from './members/members.ts'
export { type ShownMember, showMembers } from './members/shown-members.ts'
export { type ApiKeyModel, apiKeyFields, type InvitationModel, invitationFields } from './models/access-models.ts'
export {
  type AvatarModel,
  avatarFields,
  ONE_TIME_PURPOSES,
  type OneTimeTokenModel,
  oneTimeTokenFields,
  type SecurityEventModel,
  securityEventFields,
} from './models/account-models.ts'
export type { AuthModels } from './models/auth-models.ts'
export type { Client } from './models/client.ts'
export {
  type PasskeyModel,
  passkeyFields,
  type RecoveryCodeModel,
  recoveryCodeFields,
  type TotpModel,
  type TrustedDeviceModel,
  totpFields,
  trustedDeviceFields,
} from './models/factor-models.ts'
export { networksField, scopesField } from './models/key-fields.ts'
export {
  type BusinessModel,
  businessFields,
  LANGUAGES,
  type MembershipModel,
  membershipFields,
  type SessionModel,
  sessionFields,
  type UserModel,
  userFields,
} from './models/user-models.ts'
export { createNotices, type Notice, type Recipient, type SendNotice } from './notices/notices.ts'
export { passwordField } from './passwords/password-field.ts'
export { PasswordHasher } from './passwords/password-hasher.ts'
export { type PasswordOwner, passwordProblems } from './passwords/password-rules.ts'
export { DECOY_HASH, hashPassword, isPasswordHash, needsRehash, verifyPassword } from './passwords/passwords.ts'
export {
  and,
  not,
  or,
  type Permission,
  type PermissionRules,
  type PermissionSubject,
  permission,
} from './permissions/permission.ts'
export {
  allowAny,
  atLeast,
  isAuthenticated,
  isMember,
  isOwner,
  isPerson,
  isSuperuser,
} from './permissions/permissions.ts'
export {
  hasRole,
  PLAIN_SIGN_IN,
  type Principal,
  ROLES,
  type Role,
  TRANSPORTS,
  type Transport,
} from './permissions/principal.ts'
export { assertRecentlyAuthenticated, RECENT_MS } from './permissions/recent-authentication.ts'
export { refuse, refuseObject } from './permissions/refuse.ts'
export { askerOf, type InstallAuthOptions, installAuth, principalOf } from './requests/authenticate-requests.ts'
export { clientOf } from './requests/client-of.ts'
export { type DeliveredTokens, deliverTokens, deviceTokenOf } from './requests/deliver-tokens.ts'
export { forgetCookies, renewCsrfToken, renewTokens } from './requests/renew-tokens.ts'
export { installJwks, JWKS_CACHE_CONTROL, JWKS_CONTENT_TYPE, jwksText } from './requests/serve-jwks.ts'
export { deviceName } from './security-log/device-name.ts'
export type { RefreshOptions, SessionTokens } from './sessions/refresh.ts'
export { Revocation } from './sessions/revocation.ts'
export { createRevoker, type EndAllOptions, type Revoker, type RevokerOptions } from './sessions/revoker.ts'
export type { NewSession } from './sessions/sessions.ts'
export type { ChallengeAnswer, Challenged, UseFactor } from './sign-in/answer-challenge.ts'
export type { NewSignIn, SignIn } from './sign-in/finish-sign-in.ts'
export type { AskedForFactor, Credentials, LoginAnswer } from './sign-in/login.ts'
export type { OwnBusiness } from './sign-in/own-businesses.ts'
export type { Profile, SignedInUser } from './sign-in/profile.ts'
export type { FreshProof } from './sign-in/reauthenticate.ts'
export type { SecondStep } from './sign-in/second-step.ts'
export type { SignInSteps } from './sign-in/sign-in-steps.ts'
export type { Switched, SwitchTarget } from './sign-in/switch-business.ts'
export type { PublicJwk } from './tokens/token-keys.ts'
export type { TokenPair } from './tokens/tokens.ts'
