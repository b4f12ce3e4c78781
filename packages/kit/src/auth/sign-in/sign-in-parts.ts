import { type Context, createContext, type Store } from '../../db/index.ts'
import type { Lockout } from '../limits/lockout.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { SendNotice } from '../notices/notices.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** What signing in works with. */
export interface SignInParts {
  readonly store: Store
  readonly models: AuthModels
  readonly sessions: Sessions
  readonly passwords: PasswordHasher
  readonly lockout: Lockout
  readonly securityLog: SecurityLog
  readonly sendNotice: SendNotice
}

/** A context outside any business, where users and sessions are. */
export function systemContext(store: Store, actor: string | null, { requestId, queryLog = null }: Client): Context {
  return createContext(store, { actor, business: null, requestId, queryLog })
}
