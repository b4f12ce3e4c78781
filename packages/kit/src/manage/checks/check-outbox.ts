import type { Context } from '../../db/index.ts'
import { OutboxEntry, outboxState } from '../../mail/index.ts'
import type { CheckMessage } from './check-message.ts'

/** Longer than a restart takes, or a server of mail that is away for a moment. */
const LONGEST_WAIT_MS = 30 * 60_000

/** Whether messages pile up in the outbox, or were given up. */
export async function checkOutbox(ctx: Context, unapplied: readonly string[]): Promise<CheckMessage[]> {
  // The table is made by a migration of the kit, which may be among those to come.
  if (unapplied.some((key) => key.startsWith('kit.'))) return []
  const { waiting, waitingSince, failed } = await outboxState(ctx)
  const messages: CheckMessage[] = []
  const object = OutboxEntry.label
  if (waitingSince !== null && ctx.store.clock.now() - waitingSince.getTime() > LONGEST_WAIT_MS) {
    messages.push({
      level: 'WARNING',
      id: 'mail.W904',
      object,
      text: `${waiting} entries wait in the outbox, the oldest since ${waitingSince.toISOString()}.`,
      hint: "Does a server run, and does 'node manage.ts sendtestemail' work? The log tells why messages fail.",
    })
  }
  if (failed > 0) {
    messages.push({
      level: 'WARNING',
      id: 'mail.W905',
      object,
      text: `${failed} entries of the outbox were given up within the last month.`,
      hint: "Their last_error tells why. 'node manage.ts workoutbox --once --retry-failed' tries them again.",
    })
  }
  return messages
}
