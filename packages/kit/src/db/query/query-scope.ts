import type { Executor } from '../dialects/index.ts'
import type { TransactionOptions } from './run-transaction.ts'
import type { Reach, Store } from './store.ts'

/** Who acts: the id of a user, or null for the system. */
export type ActorId = string | null

/** What a statement stands in: who acts, in which business, in which transaction. */
export interface QueryScope {
  readonly actor: ActorId
  /** The superuser who works as the actor; null if nobody does. */
  readonly impersonator: ActorId
  /** The business that every query is held in; null outside any. */
  readonly business: string | null
  readonly requestId: string
  readonly store: Store
  /** Where statements run: the database, or the open transaction, within the business. */
  readonly executor: Executor
  readonly reach: Reach
  readonly isInTransaction: boolean
  /** Runs `work` in a transaction, or in a savepoint of the open one. */
  transaction<Result>(work: (tx: QueryScope) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** Runs `work` once the outermost transaction has committed, with the same context outside it. */
  afterCommit(work: (outside: QueryScope) => Promise<void>): Promise<void>
  /**
   * The same context for a hook of a model: what the hook writes runs hooks again, but not for ever.
   *
   * @throws {TypeError} if hooks have called each other too often
   */
  inHook(label: string): QueryScope
}
