import type { Connection } from 'mysql2'
import { DatabaseError } from '../database-error.ts'
import type { BoundStatement, DriverValue, Outcome, Statement } from '../dialect.ts'
import { OpenTransaction } from '../open-transaction.ts'
import { hasEndedTransaction } from './mysql-error.ts'
import { runPipeline, SAVEPOINT } from './run-pipeline.ts'
import { runStatement } from './run-statement.ts'

/** A transaction that has begun on `connection`; `onEnd` takes the connection back. */
export class MysqlTransaction extends OpenTransaction {
  readonly #connection: Connection
  readonly #onEnd: (isBroken: boolean) => void
  #isLost = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(connection: Connection, onEnd: (isBroken: boolean) => void) {
    super()
    this.#connection = connection
    this.#onEnd = onEnd
  }

  protected override runOne(statement: Statement, params: readonly DriverValue[]): Promise<Outcome> {
    return this.#inTurn(() => runStatement(this.#connection, statement, params))
  }

  protected override runAll(items: readonly BoundStatement[]): Promise<Outcome[]> {
    return this.#inTurn(() => runPipeline(this.#connection, items, SAVEPOINT))
  }

  protected override async end(how: 'commit' | 'rollback'): Promise<void> {
    await this.#last
    try {
      if (how === 'commit') this.#assertGoing()
      if (!this.#isLost) await runStatement(this.#connection, { sql: how }, [])
    } catch (error) {
      this.#onEnd(true)
      throw error
    }
    this.#onEnd(false)
  }

  /** One after the other: a statement queued behind a deadlock would otherwise run after the server's rollback. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(async () => {
      this.#assertGoing()
      try {
        return await work()
      } catch (error) {
        if (hasEndedTransaction(error)) this.#isLost = true
        throw error
      }
    })
    this.#last = result.catch(() => {})
    return result
  }

  #assertGoing(): void {
    if (!this.#isLost) return
    throw new DatabaseError('The transaction was rolled back by the server after an error', { kind: 'conflict' })
  }
}
