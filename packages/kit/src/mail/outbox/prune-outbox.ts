import type { Context } from '../../db/index.ts'
import { OutboxEntry } from './outbox-entry.ts'

const DAY_MS = 86_400_000
const DONE_KEPT_MS = 7 * DAY_MS
const FAILED_KEPT_MS = 30 * DAY_MS

/** Removes what was done a week ago, or given up a month ago, and tells how many. */
export async function pruneOutbox(ctx: Context): Promise<number> {
  const nowMs = ctx.store.clock.now()
  const rows = ctx.query(OutboxEntry)
  const done = await rows.filter({ done_at__lt: new Date(nowMs - DONE_KEPT_MS) }).delete()
  const failed = await rows.filter({ failed_at__lt: new Date(nowMs - FAILED_KEPT_MS) }).delete()
  return done + failed
}
