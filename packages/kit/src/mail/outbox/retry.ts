import { MailError } from '../message/mail-error.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long is tried at the least before an entry is given up. */
export const GIVE_UP_AFTER_MS = 3 * DAY_MS
/** An entry whose delay was longer than that has been tried a few times as well. */
const FEWEST_ATTEMPTS = 10

interface Pace {
  readonly firstMs: number
  readonly longestMs: number
}

/** A server that does not answer says nothing of the message: once it is back, all go within minutes. */
const UNREACHABLE: Pace = { firstMs: 5 * SECOND_MS, longestMs: 5 * MINUTE_MS }
/** A server that puts a message off (greylisting, a full mailbox) wants to be left alone for longer each time. */
const DEFERRED: Pace = { firstMs: MINUTE_MS, longestMs: DAY_MS }
/** A handler that failed: the database was down, or the code is wrong. */
const FAILED: Pace = { firstMs: 5 * SECOND_MS, longestMs: HOUR_MS }

export interface Failure {
  readonly error: unknown
  /** Attempts so far, the failed one included. */
  readonly attempts: number
  readonly createdAtMs: number
  readonly nowMs: number
}

/** After how long an entry is tried again; null: never. */
export function retryDelayMs({ error, attempts, createdAtMs, nowMs }: Failure): number | null {
  if (error instanceof MailError && error.failure === 'refused') return null
  if (nowMs - createdAtMs >= GIVE_UP_AFTER_MS && attempts >= FEWEST_ATTEMPTS) return null
  const { firstMs, longestMs } = paceOf(error)
  return Math.min(firstMs * 2 ** Math.min(attempts - 1, 30), longestMs)
}

function paceOf(error: unknown): Pace {
  if (!(error instanceof MailError)) return FAILED
  return error.failure === 'deferred' ? DEFERRED : UNREACHABLE
}
