import type { SecretBox } from '../../base/index.ts'
import { type Context, createContext, type Store } from '../../db/index.ts'
import type { Outbox } from '../../mail/index.ts'
import type { Links } from '../accounts/links.ts'
import type { SecondFactor } from '../factors/second-factor.ts'
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
import type { Sessions } from '../sessions/sessions.ts'

/** What the administration of a business and its people works with. */
export interface MemberParts {
  readonly store: Store
  readonly models: AuthModels
  readonly box: SecretBox
  readonly outbox: Outbox
  readonly links: Links
  readonly oneTime: OneTimeTokens
  readonly passwords: PasswordHasher
  readonly sessions: Sessions
  readonly revoker: Revoker
  readonly secondFactor: SecondFactor
  readonly lockout: Lockout
  readonly emailLimit: EmailLimit
  readonly securityLog: SecurityLog
  readonly sendNotice: SendNotice
}

/** Who asks, and from where. */
export interface Asker {
  readonly principal: Principal
  readonly client: Client
}

/** The business that a principal works in. The permission of the endpoint has seen that there is one. */
export function businessOf({ business }: Principal): string {
  if (business === null) throw new TypeError('Only who works in a business may do this')
  return business
}

/** A context of the asker inside a business, or outside any. */
export function contextOf(store: Store, { principal, client }: Asker, business: string | null): Context {
  const { userId: actor, impersonator } = principal
  const { requestId, queryLog = null } = client
  return createContext(store, { actor, impersonator, business, requestId, queryLog })
}
