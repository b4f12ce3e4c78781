import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError, ISOLATIONS, type Isolation } from '../dialects/index.ts'

/** How a transaction is run. */
export interface TransactionOptions {
  /** Read committed unless it says otherwise. SQLite has one writer: there every transaction is serializable. */
  readonly isolation?: Isolation
  /**
   * How often the work is tried, all in all, while the database refuses it for a deadlock or because it clashed with
   * another transaction. Once by default. The work must leave nothing outside the database that a second try would do again.
   */
  readonly attempts?: number
}

const MOST_ATTEMPTS = 20
const SHORTEST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 500

/**
 * Tries `run` again while it fails for a conflict with other transactions, after a pause that grows and is never the same.
 *
 * @throws {RangeError} if `attempts` is not a whole number from 1 to 20
 */
export async function inAttempts<Result>(attempts: number, run: () => Promise<Result>): Promise<Result> {
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > MOST_ATTEMPTS) {
    throw new RangeError(`Cannot run a transaction: attempts must be a whole number from 1 to 20, got ${attempts}`)
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === attempts || !isConflict(error)) throw error
    }
    await pause(Math.min(SHORTEST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random()))
  }
}

/**
 * Looks at the name of an isolation level: it stands in SQL as it is, and untyped code may have it from anywhere.
 *
 * @throws {RangeError} if there is no such level
 */
export function assertIsolation(isolation: unknown): void {
  if (isolation === undefined || ISOLATIONS.some((level) => level === isolation)) return
  const levels = ISOLATIONS.map((level) => `'${level}'`).join(', ')
  throw new RangeError(`Cannot run a transaction: isolation must be one of ${levels}, got ${String(isolation)}`)
}

/** For work whose rows others want at the same time: a deadlock is tried again, unless it ends a transaction around. */
export const deadlockOptions = ({
  isInTransaction,
}: {
  readonly isInTransaction: boolean
}): TransactionOptions | undefined => (isInTransaction ? undefined : { attempts: 8 })

/** Whether the database gave a transaction up for another: a deadlock, or a serialization failure. */
function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'conflict'
}
