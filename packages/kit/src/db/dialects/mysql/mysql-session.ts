import type { PoolConnection } from 'mysql2'
import type { BoundStatement, DriverValue, Outcome, Statement } from '../dialect.ts'
import { HeldSession } from '../held-session.ts'
import { MysqlTransaction } from './mysql-transaction.ts'
import { runPipeline, SAVEPOINT, TRANSACTION } from './run-pipeline.ts'
import { runStatement } from './run-statement.ts'

export class MysqlSession extends HeldSession {
  readonly #connection: PoolConnection
  #transaction: MysqlTransaction | null = null

  constructor(connection: PoolConnection) {
    super()
    this.#connection = connection
  }

  protected override runOne(statement: Statement, params: readonly DriverValue[]): Promise<Outcome> {
    return runStatement(this.#connection, statement, params)
  }

  protected override runAll(items: readonly BoundStatement[]): Promise<Outcome[]> {
    return runPipeline(this.#connection, items, this.#transaction?.isOpen ? SAVEPOINT : TRANSACTION)
  }

  protected override async open(): Promise<MysqlTransaction> {
    await runStatement(this.#connection, { sql: TRANSACTION.begin }, [])
    this.#transaction = new MysqlTransaction(this.#connection, () => {})
    return this.#transaction
  }

  protected override async end(): Promise<void> {
    // Answered only when the server has freed the locks; ending the connection alone would not wait for that.
    await new Promise<void>((resolve) => this.#connection.reset(() => resolve()))
    this.#connection.destroy()
  }
}
