import { type DialectAdapter, PostgresAdapter, PostgresQueryCompiler, type QueryCompiler } from 'kysely'
import { Pool } from 'pg'
import type { BusinessReach } from '../business-reach.ts'
import { withDeadline } from '../deadline.ts'
import type {
  BeginOptions,
  BoundStatement,
  Database,
  DatabaseOptions,
  DriverValue,
  Executor,
  Outcome,
  Session,
  Statement,
  Transaction,
} from '../dialect.ts'
import { acquire, type PooledClient } from './acquire.ts'
import { BusinessExecutor, boundStatement } from './business-executor.ts'
import type { Settle } from './pipeline.ts'
import { poolOptions } from './pool-options.ts'
import { isStaleStatement, toDatabaseError } from './postgresql-error.ts'
import { PostgresqlSession } from './postgresql-session.ts'
import { PostgresqlTransaction } from './postgresql-transaction.ts'

const PING_TIMEOUT_MS = 1000
const NO_PARAMS: readonly DriverValue[] = []

export async function openPostgresql(options: DatabaseOptions): Promise<Database> {
  const pool = new Pool(poolOptions(options))
  // An idle connection that the server ended has left the pool already.
  pool.on('error', () => {})
  const database = new PostgresqlDatabase(pool, options.poolTimeoutMs)
  try {
    await database.readVersion()
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

class PostgresqlDatabase implements Database {
  readonly dialect = 'postgresql'
  readonly hasTransactionalDdl = true
  #version = ''
  readonly #pool: Pool
  readonly #timeoutMs: number | undefined
  #closed: Promise<void> | null = null

  constructor(pool: Pool, timeoutMs?: number) {
    this.#pool = pool
    this.#timeoutMs = timeoutMs
  }

  get version(): string {
    return this.#version
  }

  async readVersion(): Promise<void> {
    const { rows } = await this.execute({ sql: 'show server_version' })
    this.#version = String(rows[0]?.[0]).split(' ', 1)[0] ?? ''
  }

  execute(
    statement: Statement,
    params: readonly DriverValue[] = NO_PARAMS,
    business?: BusinessReach,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#run([boundStatement(statement, params, business)], (error, outcomes) => {
        const outcome = outcomes[0]
        if (error === null && outcome !== undefined) resolve(outcome)
        else reject(toDatabaseError(error))
      })
    })
  }

  pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    if (items.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#run(items, (error, outcomes) => {
        if (error === null) resolve(outcomes)
        else reject(toDatabaseError(error))
      })
    })
  }

  within(business: BusinessReach): Executor {
    return new BusinessExecutor(this, business)
  }

  async begin(options?: BeginOptions): Promise<Transaction> {
    const client = await this.#connect()
    return new PostgresqlTransaction(client, (isBroken) => client.release(isBroken), options)
  }

  async session(): Promise<Session> {
    return new PostgresqlSession(await this.#connect())
  }

  async ping(): Promise<void> {
    await withDeadline(this.execute({ sql: 'select 1', name: 'bw_ping' }), PING_TIMEOUT_MS)
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end()
    return this.#closed
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter()
  }

  #run(items: readonly BoundStatement[], settle: Settle): void {
    acquire(this.#pool, this.#timeoutMs, (error, client) => {
      if (client === undefined) settle(error, [])
      else runAndRelease(client, items, settle)
    })
  }

  #connect(): Promise<PooledClient> {
    return new Promise((resolve, reject) => {
      acquire(this.#pool, this.#timeoutMs, (error, client) => {
        if (client === undefined) reject(toDatabaseError(error))
        else resolve(client)
      })
    })
  }
}

function runAndRelease(client: PooledClient, items: readonly BoundStatement[], settle: Settle): void {
  let isRetry = false
  const finish: Settle = (error, outcomes) => {
    if (!isRetry && isStaleStatement(error)) {
      isRetry = true
      client.run(items, finish)
      return
    }
    // A statement such as `begin` left a transaction open: nobody else may run into it.
    client.release(error === null && client.getTransactionStatus() !== 'I')
    settle(error, outcomes)
  }
  try {
    client.run(items, finish)
  } catch (error) {
    client.release()
    settle(error, [])
  }
}
