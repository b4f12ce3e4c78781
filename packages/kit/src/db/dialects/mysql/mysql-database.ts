import { type DialectAdapter, MysqlAdapter, type QueryCompiler } from 'kysely'
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
import { ConnectionPool } from './connection-pool.ts'
import { PlainBackslashCompiler } from './mysql-query-compiler.ts'
import { MysqlSession } from './mysql-session.ts'
import { MysqlTransaction } from './mysql-transaction.ts'
import { runPipeline, TRANSACTION } from './run-pipeline.ts'
import { runStatement } from './run-statement.ts'

const PING_TIMEOUT_MS = 1000

export async function openMysql(options: DatabaseOptions): Promise<Database> {
  const database = new MysqlDatabase(new ConnectionPool(options))
  try {
    await database.readVersion()
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

class MysqlDatabase implements Database {
  readonly dialect = 'mysql'
  readonly hasTransactionalDdl = false
  #version = ''
  readonly #pool: ConnectionPool
  #closed: Promise<void> | null = null

  constructor(pool: ConnectionPool) {
    this.#pool = pool
  }

  get version(): string {
    return this.#version
  }

  async readVersion(): Promise<void> {
    const { rows } = await this.execute({ sql: 'select version()' })
    this.#version = String(rows[0]?.[0])
  }

  execute(statement: Statement, params: readonly DriverValue[] = []): Promise<Outcome> {
    return this.#pool.use((connection) => runStatement(connection, statement, params))
  }

  async pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    if (items.length === 0) return []
    return this.#pool.use((connection) => runPipeline(connection, items, TRANSACTION))
  }

  within(): Executor {
    return this
  }

  async begin({ isolation }: BeginOptions = {}): Promise<Transaction> {
    const connection = await this.#pool.acquire()
    const giveBack = (isBroken: boolean) => (isBroken ? connection.destroy() : connection.release())
    try {
      // It holds for the next transaction of the connection, and for no other.
      if (isolation) await runStatement(connection, { sql: `set transaction isolation level ${isolation}` }, [])
      await runStatement(connection, { sql: TRANSACTION.begin }, [])
    } catch (error) {
      giveBack(true)
      throw error
    }
    return new MysqlTransaction(connection, giveBack)
  }

  async session(): Promise<Session> {
    return new MysqlSession(await this.#pool.acquire())
  }

  async ping(): Promise<void> {
    await withDeadline(this.execute({ sql: 'select 1', name: 'bw_ping' }), PING_TIMEOUT_MS)
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.close()
    return this.#closed
  }

  createQueryCompiler(): QueryCompiler {
    return new PlainBackslashCompiler()
  }

  createAdapter(): DialectAdapter {
    return new MysqlAdapter()
  }
}
