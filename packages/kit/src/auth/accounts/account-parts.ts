import { ApiError, type SecretBox } from '../../base/index.ts'
import { type Context, createContext, type Store } from '../../db/index.ts'
import type { Outbox } from '../../mail/index.ts'
import type { EmailLimit } from '../limits/email-limit.ts'
import type { Lockout } from '../limits/lockout.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { SendNotice } from '../notices/notices.ts'
import type { OneTimeTokens } from '../one-time/one-time-tokens.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { Principal } from '../permissions/principal.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import type { Revoker } from '../sessions/revoker.ts'
import type { Links } from './links.ts'

/** What the work on accounts is done with. */
export interface AccountParts {
  readonly store: Store
  readonly models: AuthModels
  readonly passwords: PasswordHasher
  readonly oneTime: OneTimeTokens
  readonly outbox: Outbox
  readonly sendNotice: SendNotice
  readonly emailLimit: EmailLimit
  readonly lockout: Lockout
  readonly box: SecretBox
  readonly securityLog: SecurityLog
  readonly revoker: Revoker
  readonly links: Links
  readonly isRegistrationOpen: boolean
}

/** A context outside any business, where users are. */
export function accountContext(
  store: Store,
  actor: (Pick<Principal, 'userId'> & Partial<Pick<Principal, 'impersonator'>>) | null,
  { requestId, queryLog = null }: Client,
): Context {
  const { userId = null, impersonator = null } = actor ?? {}
  return createContext(store, { actor: userId, impersonator, business: null, requestId, queryLog })
}

/** The one answer to every link that is not good: which of them were ever given out is told to nobody. */
export function linkNotValid(): ApiError {
  return new ApiError('link_not_valid')
}
