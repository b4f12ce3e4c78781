import {
  apiKeyFields,
  avatarFields,
  invitationFields,
  oneTimeTokenFields,
  passkeyFields,
  recoveryCodeFields,
  securityEventFields,
  totpFields,
  trustedDeviceFields,
  type UserModel,
} from '../auth/index.ts'
import { model } from '../db/index.ts'

const reason = 'It belongs to a person.'

/** The models that signing in needs beside those of users, sessions, businesses and memberships, as a project has them. */
export function signInModels(user: () => UserModel) {
  return {
    totp: model('account.Totp', { scope: 'global', reason, fields: totpFields(user) }),
    recoveryCode: model('account.RecoveryCode', { scope: 'global', reason, fields: recoveryCodeFields(user) }),
    passkey: model('account.Passkey', { scope: 'global', reason, fields: passkeyFields(user) }),
    trustedDevice: model('account.TrustedDevice', { scope: 'global', reason, fields: trustedDeviceFields(user) }),
    oneTimeToken: model('account.OneTimeToken', { scope: 'global', reason, fields: oneTimeTokenFields(user) }),
    securityEvent: model('account.SecurityEvent', { scope: 'global', reason, fields: securityEventFields(user) }),
    avatar: model('account.Avatar', { scope: 'global', reason, fields: avatarFields(user) }),
    apiKey: model('business.ApiKey', { scope: 'business', fields: apiKeyFields(), softDelete: false }),
    invitation: model('business.Invitation', { scope: 'business', fields: invitationFields(), softDelete: false }),
  } as const
}
