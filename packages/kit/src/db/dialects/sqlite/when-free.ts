import { setTimeout as pause } from 'node:timers/promises'
import { isBusyError } from './sqlite-error.ts'

const LONGEST_PAUSE_MS = 25

/**
 * Does `work` as soon as no other process is writing to the file. SQLite's own way of waiting would hold up everything
 * else that this process has to do.
 *
 * @throws {DatabaseError} of kind `unavailable` if the file is still busy after `timeoutMs`
 */
export async function whenFree<Result>(work: () => Result, timeoutMs: number): Promise<Result> {
  const end = performance.now() + timeoutMs
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return work()
    } catch (error) {
      if (!isBusyError(error) || performance.now() > end) throw error
    }
    // Of several that wait, not all should come back at once.
    await pause(pauseMs * (0.5 + Math.random()))
  }
}
