import type { PoolClient } from 'pg'
import type { BusinessReach } from '../business-reach.ts'
import type { BoundStatement, DriverValue, Executor, Outcome, Statement } from '../dialect.ts'
import { HeldSession } from '../held-session.ts'
import { BusinessExecutor, boundStatement } from './business-executor.ts'
import type { PostgresqlClient } from './postgresql-client.ts'
import { toDatabaseError } from './postgresql-error.ts'
import { PostgresqlTransaction } from './postgresql-transaction.ts'

export class PostgresqlSession extends HeldSession {
  readonly #client: PoolClient & PostgresqlClient

  constructor(client: PoolClient & PostgresqlClient) {
    super()
    this.#client = client
  }

  override within(business: BusinessReach): Executor {
    return new BusinessExecutor(this, business)
  }

  protected override async runOne(
    statement: Statement,
    params: readonly DriverValue[],
    business?: BusinessReach,
  ): Promise<Outcome> {
    const [outcome] = await this.runAll([boundStatement(statement, params, business)])
    if (outcome === undefined) throw new Error('The server sent no outcome')
    return outcome
  }

  protected override runAll(items: readonly BoundStatement[]): Promise<Outcome[]> {
    if (items.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#client.run(items, (error, outcomes) => {
        if (error === null) resolve(outcomes)
        else reject(toDatabaseError(error))
      })
    })
  }

  protected override async open(): Promise<PostgresqlTransaction> {
    return new PostgresqlTransaction(this.#client, () => {})
  }

  /** Once the server has closed its end, the locks are free. */
  protected override async end(): Promise<void> {
    await this.#client.end()
    this.#client.release(true)
  }
}
