import { createContext, type Store } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { TokenClaims } from '../tokens/tokens.ts'
import type { LiveSession } from './live-session.ts'

export interface NoteUseParts {
  readonly store: Store
  readonly models: AuthModels
}

/** How exact `last_used_at` is: a session is written of so often at the most. */
const NOTED_EVERY_MS = 5 * 60_000

/**
 * Notes that an access token is used. The first use of one after a refresh shows that its client has got the new pair:
 * from then on the refresh token before it is dead for good. This is awaited before the request goes on. Afterwards
 * nothing is written for five minutes.
 */
export function noteUse(
  parts: NoteUseParts,
  session: LiveSession,
  { generation }: Pick<TokenClaims, 'generation'>,
): Promise<void> | null {
  const { use } = session
  const isArrival = use.mayBeRetried && generation === session.generation
  const sinceMs = parts.store.clock.now() - use.lastUsedAtMs
  if (!isArrival) return sinceMs < NOTED_EVERY_MS ? null : writeUse(parts, session)
  use.arriving ??= writeArrival(parts, session).finally(() => {
    use.arriving = null
  })
  return use.arriving
}

async function writeArrival({ store, models }: NoteUseParts, { principal, generation, use }: LiveSession) {
  const nowMs = store.clock.now()
  const confirmed = { previous_hash: null, successor_sealed: null, last_used_at: new Date(nowMs) }
  // Only of that refresh: another one may have been made meanwhile, whose answer may still be lost.
  const row = outside(store).query(models.session).filter({ id: principal.sessionId, generation })
  await row.filter({ previous_hash__isnull: false }).update(confirmed)
  use.mayBeRetried = false
  use.lastUsedAtMs = nowMs
}

async function writeUse({ store, models }: NoteUseParts, { principal, use }: LiveSession): Promise<void> {
  const nowMs = store.clock.now()
  // At once, so that of many requests at a time one writes.
  use.lastUsedAtMs = nowMs
  // Another node may have written of it already.
  const stale = { id: principal.sessionId, last_used_at__lt: new Date(nowMs - NOTED_EVERY_MS / 2) }
  await outside(store)
    .query(models.session)
    .filter(stale)
    .update({ last_used_at: new Date(nowMs) })
}

const outside = (store: Store) => createContext(store, { actor: null, business: null, requestId: 'session-use' })
