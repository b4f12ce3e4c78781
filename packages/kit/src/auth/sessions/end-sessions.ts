import { type Context, createContext } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import type { SecurityEventKind } from '../security-log/security-log.ts'
import type { RefreshParts } from './refresh.ts'

type EndParts = Pick<RefreshParts, 'store' | 'models' | 'revoker' | 'securityLog'>

/** Ends the session that asks. */
export async function logout(parts: EndParts, principal: Principal, client: Client): Promise<void> {
  await ending(parts, principal, client, async (tx) => {
    const isEnded = await parts.revoker.endSession(tx, principal.sessionId)
    if (!isEnded) return null
    return { kind: principal.impersonator === null ? 'logout' : 'impersonation_ended', count: 1 }
  })
}

/** Ends one of the user's own sessions, and tells whether there was such a one. */
export async function endOwnSession(
  parts: EndParts,
  principal: Principal,
  { session: id, client }: { readonly session: string; readonly client: Client },
): Promise<boolean> {
  const count = await ending(parts, principal, client, async (tx) => {
    const own = tx.query(parts.models.session).filter({ id, user: principal.userId })
    const isEnded = (await own.exists()) && (await parts.revoker.endSession(tx, id))
    return isEnded ? { kind: 'session_ended', count: 1, ended: id } : null
  })
  return count === 1
}

/** Ends the user's own sessions but the one that asks, and tells how many there were. */
export function endOtherSessions(parts: EndParts, principal: Principal, client: Client): Promise<number> {
  return ending(parts, principal, client, async (tx) => {
    const count = await parts.revoker.endAllSessions(tx, principal.userId, { except: principal.sessionId })
    return { kind: 'other_sessions_ended', count }
  })
}

/** Ends every session of the user, the one that asks too, and tells how many there were. */
export function logoutEverywhere(parts: EndParts, principal: Principal, client: Client): Promise<number> {
  return ending(parts, principal, client, async (tx) => {
    const count = await parts.revoker.endAllSessions(tx, principal.userId)
    return { kind: 'all_sessions_ended', count }
  })
}

interface Ended {
  readonly kind: SecurityEventKind
  readonly count: number
  /** The one session, where it is not the one that asks. */
  readonly ended?: string
}

/** Outside any business: sessions belong to people. Nothing is recorded where nothing was open. */
async function ending(
  { store, securityLog }: EndParts,
  { userId: user, sessionId: session, business, impersonator }: Principal,
  client: Client,
  end: (tx: Context) => Promise<Ended | null>,
): Promise<number> {
  const { requestId, queryLog = null } = client
  const ctx = createContext(store, { actor: user, impersonator, business: null, requestId, queryLog })
  return ctx.transaction(async (tx) => {
    const done = await end(tx)
    if (done === null || done.count === 0) return 0
    const { kind, count, ended } = done
    const details = { count, ...(ended !== undefined && { ended }) }
    await securityLog.record(tx, { kind, user, business, session, client, details })
    return count
  })
}
