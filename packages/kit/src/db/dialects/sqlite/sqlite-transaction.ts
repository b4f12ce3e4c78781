import { DatabaseError } from '../database-error.ts'
import type { BoundStatement, DriverValue, Outcome, Statement } from '../dialect.ts'
import { OpenTransaction } from '../open-transaction.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/** A transaction that has begun on `connection`; `onEnd` lets the next writer pass. */
export class SqliteTransaction extends OpenTransaction {
  readonly #connection: SqliteConnection
  readonly #onEnd: () => void

  constructor(connection: SqliteConnection, onEnd: () => void) {
    super()
    this.#connection = connection
    this.#onEnd = onEnd
  }

  protected override async runOne(statement: Statement, params: readonly DriverValue[]): Promise<Outcome> {
    this.#assertGoing()
    return this.#connection.execute(statement, params)
  }

  protected override async runAll(items: readonly BoundStatement[]): Promise<Outcome[]> {
    this.#assertGoing()
    return this.#connection.pipeline(items)
  }

  protected override async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      if (how === 'commit') this.#commit()
      else this.#connection.rollback()
    } finally {
      this.#onEnd()
    }
  }

  #commit(): void {
    this.#assertGoing()
    try {
      this.#connection.commit()
    } catch (error) {
      // A commit refused for a deferred foreign key leaves the transaction open.
      this.#connection.rollback()
      throw error
    }
  }

  #assertGoing(): void {
    if (this.#connection.isInTransaction) return
    throw new DatabaseError('The transaction was rolled back by SQLite after an error', { kind: 'conflict' })
  }
}
