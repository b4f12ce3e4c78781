import type { QueryScope } from './query-scope.ts'

/** A deadlock leaves one of the two alone with its locks: the other seldom has to try more than once again. */
const ATTEMPTS = 5

/**
 * Runs writes of the kit's own that belong together: in a savepoint of the open transaction, or in a transaction of their
 * own, which is tried again if it clashed with another.
 */
export function atomically<Result>(ctx: QueryScope, write: (within: QueryScope) => Promise<Result>): Promise<Result> {
  return ctx.isInTransaction ? ctx.transaction(write) : ctx.transaction(write, { attempts: ATTEMPTS })
}
