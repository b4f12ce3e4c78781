import { type Context, createContext, type Store } from '../../db/index.ts'
import type { Authenticators } from '../factors/authenticators.ts'
import type { Challenges } from '../factors/challenges.ts'
import type { EmailCodes } from '../factors/email-codes.ts'
import type { RecoveryCodes } from '../factors/recovery-codes.ts'
import type { TrustedDevices } from '../factors/trusted-devices.ts'
import type { EmailLimit } from '../limits/email-limit.ts'
import type { Lockout } from '../limits/lockout.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { SendNotice } from '../notices/notices.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { Principal } from '../permissions/principal.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** What signing in works with. */
export interface SignInParts {
  readonly store: Store
  readonly models: AuthModels
  readonly sessions: Sessions
  readonly passwords: PasswordHasher
  readonly lockout: Lockout
  readonly emailLimit: EmailLimit
  readonly authenticators: Authenticators
  readonly recoveryCodes: RecoveryCodes
  readonly emailCodes: EmailCodes
  readonly challenges: Challenges
  readonly devices: TrustedDevices
  readonly securityLog: SecurityLog
  readonly sendNotice: SendNotice
}

/** A context outside any business, where users and sessions are. */
export function systemContext(
  store: Store,
  actor: string | Pick<Principal, 'userId' | 'impersonator'> | null,
  { requestId, queryLog = null }: Client,
): Context {
  const who = typeof actor === 'object' && actor !== null ? actor : { userId: actor, impersonator: null }
  const { userId, impersonator } = who
  return createContext(store, { actor: userId, impersonator, business: null, requestId, queryLog })
}
