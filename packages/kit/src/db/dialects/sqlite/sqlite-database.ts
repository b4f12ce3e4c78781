import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type DialectAdapter, type QueryCompiler, SqliteAdapter, SqliteQueryCompiler } from 'kysely'
import type {
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
import { isReadingVerb, statementVerb } from '../statement-verb.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { isReadOnlyError } from './sqlite-error.ts'
import { SqliteSession } from './sqlite-session.ts'
import { SqliteTransaction } from './sqlite-transaction.ts'
import { whenFree } from './when-free.ts'
import { WriterLock } from './writer-lock.ts'

/** How long a writer waits for the others of this process, and then for those of other processes. */
const WRITER_WAIT_MS = 30_000

export async function openSqlite({ name }: DatabaseOptions): Promise<Database> {
  if (name === '' || name === ':memory:' || name.startsWith('file:')) {
    throw new TypeError(`Cannot open the SQLite database ${JSON.stringify(name)}: wanted the path of a file`)
  }
  mkdirSync(dirname(name), { recursive: true })
  return new SqliteDatabase(name)
}

/** One connection writes, one writer at a time; another reads what is committed meanwhile. */
class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly hasTransactionalDdl = true
  readonly version: string
  readonly #path: string
  readonly #lock = new WriterLock(WRITER_WAIT_MS)
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  #closed: Promise<void> | null = null

  constructor(path: string) {
    this.#path = path
    // The writer comes first: it makes the file.
    this.#writer = this.#connect(false)
    this.#reader = this.#connect(true)
    this.version = String(this.#reader.execute({ sql: 'select sqlite_version()' }).rows[0]?.[0])
  }

  async execute(statement: Statement, params: readonly DriverValue[] = []): Promise<Outcome> {
    if (canRead(statement)) {
      try {
        return this.#reader.execute(statement, params)
      } catch (error) {
        if (!isReadOnlyError(error)) throw error
      }
    }
    return this.#write((writer) => writer.execute(statement, params))
  }

  async pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    if (items.every((item) => canRead(item.statement))) {
      try {
        return this.#reader.pipeline(items)
      } catch (error) {
        if (!isReadOnlyError(error)) throw error
      }
    }
    return this.#write((writer) => writer.pipeline(items))
  }

  within(): Executor {
    return this
  }

  async begin(): Promise<Transaction> {
    await this.#lock.acquire()
    try {
      await whenFree(() => this.#writer.begin(), WRITER_WAIT_MS)
    } catch (error) {
      this.#lock.release()
      throw error
    }
    return new SqliteTransaction(this.#writer, () => this.#lock.release())
  }

  async session(): Promise<Session> {
    return new SqliteSession(this.#connect(false), this.#lock, WRITER_WAIT_MS)
  }

  async ping(): Promise<void> {
    this.#reader.execute({ sql: 'select 1', name: 'bw_ping' })
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter()
  }

  #connect(isReadOnly: boolean): SqliteConnection {
    return new SqliteConnection({ path: this.#path, isReadOnly, onSchemaChange: () => this.#forgetStatements() })
  }

  #forgetStatements(): void {
    this.#writer.forgetStatements()
    this.#reader.forgetStatements()
  }

  async #write<Result>(work: (writer: SqliteConnection) => Result): Promise<Result> {
    await this.#lock.acquire()
    try {
      return await whenFree(() => work(this.#writer), WRITER_WAIT_MS)
    } finally {
      // A bare `begin` has no one to end it.
      this.#writer.rollback()
      this.#lock.release()
    }
  }

  async #close(): Promise<void> {
    await this.#lock.acquire()
    // The writer goes last, so that the log is folded into the file.
    this.#reader.close()
    this.#writer.close()
    this.#lock.release()
  }
}

function canRead({ sql }: Statement): boolean {
  return isReadingVerb(statementVerb(sql))
}
