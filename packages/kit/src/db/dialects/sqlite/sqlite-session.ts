import type { BoundStatement, DriverValue, Outcome, Session, Statement, Transaction } from '../dialect.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { SqliteTransaction } from './sqlite-transaction.ts'
import type { WriterLock } from './writer-lock.ts'

/** A connection of its own, so that its pragmas touch nobody else. It takes the writer's lock only while it writes. */
export class SqliteSession implements Session {
  readonly #connection: SqliteConnection
  readonly #lock: WriterLock
  #isHeld = true

  constructor(connection: SqliteConnection, lock: WriterLock) {
    this.#connection = connection
    this.#lock = lock
  }

  execute(statement: Statement, params: readonly DriverValue[] = []): Promise<Outcome> {
    return this.#run(() => this.#connection.execute(statement, params))
  }

  pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    return this.#run(() => this.#connection.pipeline(items))
  }

  async begin(): Promise<Transaction> {
    this.#assertHeld()
    await this.#lock.acquire()
    try {
      this.#connection.begin()
    } catch (error) {
      this.#lock.release()
      throw error
    }
    return new SqliteTransaction(this.#connection, () => this.#lock.release())
  }

  async release(): Promise<void> {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#connection.close()
  }

  async #run<Result>(work: () => Result): Promise<Result> {
    this.#assertHeld()
    // Its own open transaction holds the lock already.
    if (this.#connection.isInTransaction) return work()
    await this.#lock.acquire()
    try {
      return work()
    } finally {
      this.#lock.release()
    }
  }

  #assertHeld(): void {
    if (!this.#isHeld) throw new Error('Cannot use the session: it has been released')
  }
}
