import type { BusinessReach } from '../business-reach.ts'
import { DatabaseError } from '../database-error.ts'
import type { BeginOptions, BoundStatement, DriverValue, Executor, Outcome, Statement } from '../dialect.ts'
import { OpenTransaction } from '../open-transaction.ts'
import { BusinessExecutor, boundStatement } from './business-executor.ts'
import type { Settle } from './pipeline.ts'
import type { PostgresqlClient } from './postgresql-client.ts'
import { toDatabaseError } from './postgresql-error.ts'

// Not prepared by name: a lost name would fail the `begin` and let statements queued behind it run without one.
const beginAt = (isolation: BeginOptions['isolation']): BoundStatement => ({
  statement: { sql: isolation ? `begin isolation level ${isolation}` : 'begin' },
  params: [],
})
const BEGIN = beginAt(undefined)
const ENDS: Readonly<Record<'commit' | 'rollback', BoundStatement>> = {
  commit: { statement: { sql: 'commit', name: 'bw_commit' }, params: [] },
  rollback: { statement: { sql: 'rollback', name: 'bw_rollback' }, params: [] },
}

/** `begin` goes out with the first statement: it costs no round trip, and nothing at all if there is no statement. */
export class PostgresqlTransaction extends OpenTransaction {
  readonly #client: PostgresqlClient
  readonly #onEnd: (isBroken: boolean) => void
  readonly #begin: BoundStatement
  #hasBegun = false

  /** @param onEnd takes the connection back, and whether it is fit for further use */
  constructor(client: PostgresqlClient, onEnd: (isBroken: boolean) => void, { isolation }: BeginOptions = {}) {
    super()
    this.#begin = isolation ? beginAt(isolation) : BEGIN
    this.#client = client
    this.#onEnd = onEnd
  }

  override within(business: BusinessReach): Executor {
    return new BusinessExecutor(this, business)
  }

  protected override runOne(
    statement: Statement,
    params: readonly DriverValue[],
    business?: BusinessReach,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#run([boundStatement(statement, params, business)], (error, outcomes) => {
        const outcome = outcomes.at(-1)
        if (error === null && outcome !== undefined) resolve(outcome)
        else reject(toDatabaseError(error))
      })
    })
  }

  protected override runAll(items: readonly BoundStatement[]): Promise<Outcome[]> {
    if (items.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#run(items, (error, outcomes) => {
        if (error === null) resolve(outcomes.slice(-items.length))
        else reject(toDatabaseError(error))
      })
    })
  }

  protected override async end(how: 'commit' | 'rollback'): Promise<void> {
    if (!this.#hasBegun) {
      this.#onEnd(false)
      return
    }
    try {
      const tag = await this.#send(ENDS[how])
      this.#onEnd(false)
      // PostgreSQL answers a commit after a failed statement by rolling back, without an error.
      if (how === 'commit' && tag === 'ROLLBACK') throw failedEarlier()
    } catch (error) {
      if (!(error instanceof DatabaseError)) this.#onEnd(true)
      throw toDatabaseError(error)
    }
  }

  #send(item: BoundStatement): Promise<string> {
    return new Promise((resolve, reject) => {
      const pipeline = this.#client.run([item], (error) => {
        if (error === null) resolve(pipeline.commandTag)
        else reject(error)
      })
    })
  }

  #run(items: readonly BoundStatement[], settle: Settle): void {
    this.#client.run(this.#hasBegun ? items : [this.#begin, ...items], settle)
    this.#hasBegun = true
  }
}

function failedEarlier(): DatabaseError {
  return new DatabaseError('The transaction was rolled back: one of its statements had failed', { kind: 'other' })
}
