import type { PoolClient } from 'pg'
import type { BoundStatement, DriverValue, Outcome, Session, Statement, Transaction } from '../dialect.ts'
import type { PostgresqlClient } from './postgresql-client.ts'
import { toDatabaseError } from './postgresql-error.ts'
import { PostgresqlTransaction } from './postgresql-transaction.ts'

export class PostgresqlSession implements Session {
  readonly #client: PoolClient & PostgresqlClient
  #isHeld = true

  constructor(client: PoolClient & PostgresqlClient) {
    this.#client = client
  }

  async execute(statement: Statement, params: readonly DriverValue[] = []): Promise<Outcome> {
    const [outcome] = await this.pipeline([{ statement, params }])
    if (outcome === undefined) throw new Error('The server sent no outcome')
    return outcome
  }

  async pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    this.#assertHeld()
    if (items.length === 0) return []
    return new Promise((resolve, reject) => {
      this.#client.run(items, (error, outcomes) => {
        if (error === null) resolve(outcomes)
        else reject(toDatabaseError(error))
      })
    })
  }

  async begin(): Promise<Transaction> {
    this.#assertHeld()
    return new PostgresqlTransaction(this.#client, () => {})
  }

  /** The connection is ended, not given back: that frees every lock and setting of the session for certain. */
  async release(): Promise<void> {
    if (!this.#isHeld) return
    this.#isHeld = false
    await this.#client.end()
    this.#client.release(true)
  }

  #assertHeld(): void {
    if (!this.#isHeld) throw new Error('Cannot use the session: it has been released')
  }
}
