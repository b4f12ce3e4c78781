import { createRevoker, flushExpired, passwordProblems } from '@bailiwick/kit/auth'
import { SecretBox } from '@bailiwick/kit/base'
import type { Accounts } from '@bailiwick/kit/manage'
import { OneTimeToken, SecurityEvent, Session, TrustedDevice } from '../apps/account/models.ts'
import { changePassword, createUser, findUser } from '../apps/account/services.ts'
import { addMember, createBusiness, findBusiness } from '../apps/business/services.ts'

/** What commands and tests do with users and businesses, by the services of their apps. */
export const accounts: Accounts = {
  createUser,
  findUser,
  passwordProblems,
  createBusiness,
  findBusiness,
  changePassword: (ctx, userId, password, { secrets }) =>
    changePassword(ctx, {
      userId,
      password,
      revoker: createRevoker({ session: Session }),
      box: new SecretBox([secrets.key, ...secrets.keyFallbacks]),
    }),
  flushExpired: (ctx, { lockout, securityLogDays }) =>
    flushExpired(ctx, {
      models: {
        session: Session,
        oneTimeToken: OneTimeToken,
        trustedDevice: TrustedDevice,
        securityEvent: SecurityEvent,
      },
      lockout,
      securityLogDays,
    }),
  addMember: async (ctx, member) => {
    await addMember(ctx, member)
  },
}
