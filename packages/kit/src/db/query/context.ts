import type { Kysely } from 'kysely'
import type { Id, ModelShape } from '../models/index.ts'
import type { Query } from './query.ts'
import type { QueryScope } from './query-scope.ts'
import type { LinkedModel, LinkName, RowLinks } from './row-links.ts'
import type { TransactionOptions } from './run-transaction.ts'
import type { Tables } from './tables.ts'

/** What a piece of work stands in: who acts, in which business, in which transaction. Passed on as an argument. */
export interface Context extends QueryScope {
  /** Reads and writes rows of a model. */
  query<M extends ModelShape>(model: M): Query<M>
  /**
   * The rows that a row is tied to by a many-to-many relation: `ctx.links(Client, id, 'tags').add([tag])`.
   *
   * @throws {TypeError} if the model has no such relation
   */
  links<M extends ModelShape, Name extends LinkName<M>>(model: M, id: Id<M>, name: Name): RowLinks<LinkedModel<M, Name>>
  /**
   * Runs `work` in a transaction: all of it happens or, if it throws, nothing. Within a transaction it makes a savepoint.
   * Use the context that `work` is given; the outer one stands outside the transaction.
   *
   * @throws {TypeError} if a savepoint is given options: it is a part of the transaction that is open
   */
  transaction<Result>(work: (tx: Context) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** Runs `work` once the outermost transaction has committed; at once where there is none. */
  onCommit(work: () => Promise<void> | void): Promise<void>
  /** Kysely, typed from the models and held inside the business like everything else. It joins the open transaction. */
  readonly sql: Kysely<Tables>
  /**
   * The one way out of the business: `work` gets a context that sees all rows of all of them. The reason is written to
   * the audit log together with who asked and in which request.
   */
  acrossBusinesses<Result>(reason: string, work: (ctx: Context) => Promise<Result>): Promise<Result>
  /**
   * The same context inside one business: for work that goes from business to business.
   *
   * @throws {TypeError} outside `acrossBusinesses`
   */
  inBusiness(business: string): Context
}
