import { type Context, q } from '../../db/index.ts'
import { waitingEntries } from './claims.ts'
import { OutboxEntry } from './outbox-entry.ts'

/** What is in an outbox. */
export interface OutboxState {
  /** Neither done nor given up. */
  readonly waiting: number
  /** When the oldest was added that is due, or has failed so far; null: there is none. */
  readonly waitingSince: Date | null
  /** Given up within the last month. */
  readonly failed: number
}

export async function outboxState(ctx: Context): Promise<OutboxState> {
  const now = new Date(ctx.store.clock.now())
  const [waiting, failed, first] = [
    await waitingEntries(ctx).count(),
    await ctx.query(OutboxEntry).filter({ failed_at__isnull: false }).count(),
    await waitingEntries(ctx)
      .filter(q.or({ available_at__lte: now }, { attempts__gt: 0 }))
      .orderBy('created_at')
      .first(),
  ]
  return { waiting, failed, waitingSince: first?.created_at ?? null }
}

/** Lets what was given up be tried once more from the start, and tells how many entries that are. */
export async function retryFailedEntries(ctx: Context): Promise<number> {
  const now = new Date(ctx.store.clock.now())
  return ctx
    .query(OutboxEntry)
    .filter({ failed_at__isnull: false, payload_sealed__isnull: false })
    .update({ failed_at: null, attempts: 0, available_at: now })
}
