import type { Context } from '../../db/index.ts'
import type { SessionModel } from '../models/user-models.ts'
import { type RevocationRecorder, recordRevocation } from './revocation.ts'

export interface EndAllOptions {
  /** A session that goes on: the one in which the user asks for the end of the others. */
  readonly except?: string
}

/** Takes back what was let in. Each does so with the transaction of `ctx`, on every node within a second. */
export interface Revoker {
  /** Tells whether the session was still open. */
  endSession(ctx: Context, sessionId: string): Promise<boolean>
  /**
   * Ends the sessions of a user, after a new password, say, and those in which they work as others. Tells how many were
   * open.
   */
  endAllSessions(ctx: Context, userId: string, options?: EndAllOptions): Promise<number>
  /** Makes every node read a session anew. Call it in the transaction that changes it. */
  sessionChanged(ctx: Context, sessionId: string): Promise<void>
  /** Makes every node read a user and their memberships anew. Call it in the transaction that changes them. */
  userChanged(ctx: Context, userId: string): Promise<void>
  /** Makes every node read a business anew. Call it in the transaction that changes it. */
  businessChanged(ctx: Context, businessId: string): Promise<void>
}

export interface RevokerOptions {
  readonly session: SessionModel
  readonly record?: RevocationRecorder
}

/** Makes a revoker that works by the database alone, for commands. A server has its own: its `Auth`. */
export function createRevoker({ session, record = recordRevocation }: RevokerOptions): Revoker {
  return {
    endSession: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const open = tx.query(session).filter({ id, ended_at__isnull: true })
        const ended = await open.update({ ended_at: new Date(tx.store.clock.now()) })
        if (ended > 0) await record(tx, { kind: 'session', key: id })
        return ended > 0
      }),
    endAllSessions: (ctx, user, { except } = {}) =>
      ctx.transaction(async (tx) => {
        const open = tx.query(session).filter({ user, ended_at__isnull: true })
        const others = except === undefined ? open : open.exclude({ id: except })
        let ended = 0
        // Once more after any: a session that was begun from one of these while we waited for it was not seen yet.
        for (let some = 1; some > 0; ended += some) {
          some = await others.update({ ended_at: new Date(tx.store.clock.now()) })
        }
        ended += await endImpersonations(tx, session, user)
        if (ended > 0) await record(tx, { kind: 'user', key: user })
        return ended
      }),
    sessionChanged: (ctx, key) => record(ctx, { kind: 'session', key }),
    userChanged: (ctx, key) => record(ctx, { kind: 'user', key }),
    businessChanged: (ctx, key) => record(ctx, { kind: 'business', key }),
  }
}

/**
 * Ends the sessions in which a superuser works as somebody else. No index finds them, so they are looked for only of who may
 * have any: else everybody who ends their other sessions would have the database look at all that there are.
 */
async function endImpersonations(tx: Context, session: SessionModel, user: string): Promise<number> {
  if (!(await tx.query(session).filter({ user, user__is_superuser: true }).exists())) return 0
  const begun = tx.query(session).filter({ impersonator: user, ended_at__isnull: true })
  return begun.update({ ended_at: new Date(tx.store.clock.now()) })
}
