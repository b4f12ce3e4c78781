import type { Context, Row } from '../../db/index.ts'
import type { KitTemplate } from '../../mail/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import type { SendNotice } from '../notices/notices.ts'
import type { Principal } from '../permissions/principal.ts'
import type { SecurityEventKind, SecurityLog } from '../security-log/security-log.ts'
import type { Revoker } from '../sessions/revoker.ts'
import { enrolledFactors, hasSecondFactor } from './enrolled-factors.ts'
import type { RecoveryCodes } from './recovery-codes.ts'
import type { Trust } from './trust.ts'

/** A factor that was just added or taken away, in the same transaction. */
export interface FactorChange {
  readonly user: Row<UserModel>
  /** The session in which it was done: the only one that goes on. */
  readonly sessionId: string
  readonly client: Client
  readonly kind: SecurityEventKind
  /** The e-mail that tells of it. */
  readonly template: KitTemplate
  readonly values?: Readonly<Record<string, string>>
}

export interface FactorChangesParts {
  readonly models: AuthModels
  readonly revoker: Revoker
  readonly trust: Trust
  readonly recoveryCodes: RecoveryCodes
  readonly securityLog: SecurityLog
  readonly sendNotice: SendNotice
}

/** What follows whenever a user adds a second factor or takes one away. */
export class FactorChanges {
  readonly #parts: FactorChangesParts

  constructor(parts: FactorChangesParts) {
    this.#parts = parts
  }

  /**
   * Holds the row of the user whose factors are to be changed, until the transaction ends: sign-ins that are on their way
   * come before it or after it.
   */
  async holdUser(tx: Context, { userId }: Pick<Principal, 'userId'>): Promise<Row<UserModel>> {
    return tx.query(this.#parts.models.user).forUpdate().get({ id: userId, is_active: true })
  }

  /**
   * Ends the other sessions, trusts no device any longer, forgets sign-ins that are half done, writes it down and tells the
   * user. The session that goes on counts as begun with a second factor just as long as the user has one. Without any,
   * recovery codes are of no use and are removed.
   */
  async record(tx: Context, { user, sessionId, client, kind, template, values = {} }: FactorChange): Promise<void> {
    const { models, revoker, trust, recoveryCodes, securityLog, sendNotice } = this.#parts
    const isProtected = hasSecondFactor(await enrolledFactors(tx, models, user.id))
    if (!isProtected) await recoveryCodes.remove(tx, user.id)
    await revoker.endAllSessions(tx, user.id, { except: sessionId })
    await trust.withdraw(tx, user.id)
    await tx.query(models.session).filter({ id: sessionId }).update({ has_second_factor: isProtected })
    await revoker.sessionChanged(tx, sessionId)
    await securityLog.record(tx, { kind, user: user.id, session: sessionId, client })
    await sendNotice(tx, { template, to: user, client, values })
  }
}
