import type { BoundStatement, DriverValue, Outcome, Statement } from '../dialect.ts'
import { HeldSession } from '../held-session.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { SqliteTransaction } from './sqlite-transaction.ts'
import { whenFree } from './when-free.ts'
import type { WriterLock } from './writer-lock.ts'

/** A connection of its own, so that its pragmas touch nobody else. It takes the writer's lock only while it is at work. */
export class SqliteSession extends HeldSession {
  readonly #connection: SqliteConnection
  readonly #lock: WriterLock
  readonly #waitMs: number

  constructor(connection: SqliteConnection, lock: WriterLock, waitMs: number) {
    super()
    this.#connection = connection
    this.#lock = lock
    this.#waitMs = waitMs
  }

  protected override runOne(statement: Statement, params: readonly DriverValue[]): Promise<Outcome> {
    return this.#run(() => this.#connection.execute(statement, params))
  }

  protected override runAll(items: readonly BoundStatement[]): Promise<Outcome[]> {
    return this.#run(() => this.#connection.pipeline(items))
  }

  protected override async open(): Promise<SqliteTransaction> {
    await this.#lock.acquire()
    try {
      await whenFree(() => this.#connection.begin(), this.#waitMs)
    } catch (error) {
      this.#lock.release()
      throw error
    }
    return new SqliteTransaction(this.#connection, () => this.#lock.release())
  }

  protected override async end(): Promise<void> {
    this.#connection.close()
  }

  async #run<Result>(work: () => Result): Promise<Result> {
    // Its own open transaction holds the lock already.
    if (this.#connection.isInTransaction) return work()
    await this.#lock.acquire()
    try {
      return await whenFree(work, this.#waitMs)
    } finally {
      this.#lock.release()
    }
  }
}
