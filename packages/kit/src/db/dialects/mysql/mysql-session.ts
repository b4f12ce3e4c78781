import type { PoolConnection } from 'mysql2'
import type { BoundStatement, DriverValue, Outcome, Session, Statement, Transaction } from '../dialect.ts'
import { MysqlTransaction } from './mysql-transaction.ts'
import { runPipeline, TRANSACTION } from './run-pipeline.ts'
import { runStatement } from './run-statement.ts'

export class MysqlSession implements Session {
  readonly #connection: PoolConnection
  #isHeld = true

  constructor(connection: PoolConnection) {
    this.#connection = connection
  }

  async execute(statement: Statement, params: readonly DriverValue[] = []): Promise<Outcome> {
    this.#assertHeld()
    return runStatement(this.#connection, statement, params)
  }

  async pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    this.#assertHeld()
    return runPipeline(this.#connection, items, TRANSACTION)
  }

  async begin(): Promise<Transaction> {
    this.#assertHeld()
    await runStatement(this.#connection, { sql: TRANSACTION.begin }, [])
    return new MysqlTransaction(this.#connection, () => {})
  }

  /** The connection is ended, not given back. The reset before that waits until the server has freed the locks. */
  async release(): Promise<void> {
    if (!this.#isHeld) return
    this.#isHeld = false
    await new Promise<void>((resolve) => this.#connection.reset(() => resolve()))
    this.#connection.destroy()
  }

  #assertHeld(): void {
    if (!this.#isHeld) throw new Error('Cannot use the session: it has been released')
  }
}
