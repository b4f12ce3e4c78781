import { DatabaseError } from './database-error.ts'

/** Waits for `work` no longer than `timeoutMs`; the work itself goes on. */
export async function withDeadline<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  const { promise: expiry, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new DatabaseError(`The database did not answer within ${timeoutMs} ms`, { kind: 'unavailable' })),
    timeoutMs,
  )
  try {
    return await Promise.race([work, expiry])
  } finally {
    clearTimeout(timer)
  }
}
