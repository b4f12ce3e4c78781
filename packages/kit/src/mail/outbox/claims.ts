import { newId } from '../../base/index.ts'
import { type Context, f, q, type Row } from '../../db/index.ts'
import { OutboxEntry } from './outbox-entry.ts'

/** An entry that this worker has for itself until its lease ends. */
export interface Claimed {
  readonly id: string
  readonly claim: string
  readonly topic: string
  readonly sealed: string
  readonly business: string | null
  readonly createdAtMs: number
  /** This one included. */
  readonly attempts: number
}

export interface ClaimOptions {
  readonly topics: readonly string[]
  /** After which another worker takes the entry, unless it is done. */
  readonly leaseMs: number
}

/**
 * Takes the entry that has waited longest, or null. Its attempt is counted now: an entry that brings its process down is
 * not tried for ever.
 */
export async function claimEntry(ctx: Context, { topics, leaseMs }: ClaimOptions): Promise<Claimed | null> {
  // Looking first costs nothing; a transaction would take the one writer of SQLite.
  if (topics.length === 0 || !(await dueEntries(ctx, topics).exists())) return null
  return ctx.transaction(
    async (tx) => {
      const row = await dueEntries(tx, topics).orderBy('available_at').forUpdate({ skipLocked: true }).first()
      if (row === null) return null
      const claim = newId()
      const claimed_until = new Date(ctx.store.clock.now() + leaseMs)
      const taken = await dueEntries(tx, topics)
        .filter({ id: row.id })
        .update({ claim, claimed_until, attempts: f('attempts').plus(1) })
      return taken === 1 ? claimed(row, claim) : null
    },
    { attempts: 5 },
  )
}

/** What waits to be done now. */
export function dueEntries(ctx: Context, topics: readonly string[]) {
  const now = new Date(ctx.store.clock.now())
  return waitingEntries(ctx)
    .filter({ topic__in: topics, available_at__lte: now })
    .filter(q.or({ claimed_until__isnull: true }, { claimed_until__lte: now }))
}

/** What is neither done nor given up. */
export function waitingEntries(ctx: Context) {
  return ctx.query(OutboxEntry).filter({ done_at__isnull: true, failed_at__isnull: true })
}

/** The row of a claim, as long as it is held. */
export function heldEntry(ctx: Context, { id, claim }: Claimed) {
  return waitingEntries(ctx).filter({ id, claim })
}

function claimed(row: Row<typeof OutboxEntry>, claim: string): Claimed {
  return {
    id: row.id,
    claim,
    topic: row.topic,
    sealed: row.payload_sealed ?? '',
    business: row.business,
    createdAtMs: row.created_at.getTime(),
    attempts: row.attempts + 1,
  }
}
