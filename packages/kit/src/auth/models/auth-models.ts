import type { ApiKeyModel, InvitationModel } from './access-models.ts'
import type { AvatarModel, OneTimeTokenModel, SecurityEventModel } from './account-models.ts'
import type { PasskeyModel, RecoveryCodeModel, TotpModel, TrustedDeviceModel } from './factor-models.ts'
import type { BusinessModel, MembershipModel, SessionModel, UserModel } from './user-models.ts'

/** The models of a project that signing in works with. */
export interface AuthModels {
  readonly user: UserModel
  readonly session: SessionModel
  readonly membership: MembershipModel
  readonly business: BusinessModel
  readonly totp: TotpModel
  readonly recoveryCode: RecoveryCodeModel
  readonly passkey: PasskeyModel
  readonly trustedDevice: TrustedDeviceModel
  readonly oneTimeToken: OneTimeTokenModel
  readonly securityEvent: SecurityEventModel
  readonly avatar: AvatarModel
  readonly apiKey: ApiKeyModel
  readonly invitation: InvitationModel
}
