import type { BusinessReach } from './business-reach.ts'
import type { BoundStatement, DriverValue, Executor, Outcome, Statement, Transaction } from './dialect.ts'

const SAVEPOINT_NAME = /^[a-z0-9_]{1,50}$/i
const NO_PARAMS: readonly DriverValue[] = []

/** What the transactions of all databases share: they end once, and savepoints have plain names. */
export abstract class OpenTransaction implements Transaction {
  #isOpen = true

  protected abstract runOne(
    statement: Statement,
    params: readonly DriverValue[],
    business?: BusinessReach,
  ): Promise<Outcome>
  protected abstract runAll(items: readonly BoundStatement[]): Promise<Outcome[]>
  /** Ends the transaction in the database and gives its connection back, whether that worked or not. */
  protected abstract end(how: 'commit' | 'rollback'): Promise<void>

  get isOpen(): boolean {
    return this.#isOpen
  }

  execute(
    statement: Statement,
    params: readonly DriverValue[] = NO_PARAMS,
    business?: BusinessReach,
  ): Promise<Outcome> {
    return this.#isOpen ? this.runOne(statement, params, business) : Promise.reject(endedError())
  }

  pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    return this.#isOpen ? this.runAll(items) : Promise.reject(endedError())
  }

  within(_business: BusinessReach): Executor {
    return this
  }

  async savepoint(name: string): Promise<void> {
    await this.execute({ sql: `savepoint ${savepointName(name)}` })
  }

  async release(name: string): Promise<void> {
    await this.execute({ sql: `release savepoint ${savepointName(name)}` })
  }

  async rollbackTo(name: string): Promise<void> {
    await this.execute({ sql: `rollback to savepoint ${savepointName(name)}` })
  }

  commit(): Promise<void> {
    return this.#endOnce('commit')
  }

  rollback(): Promise<void> {
    return this.#endOnce('rollback')
  }

  async #endOnce(how: 'commit' | 'rollback'): Promise<void> {
    if (!this.#isOpen) throw endedError()
    this.#isOpen = false
    await this.end(how)
  }
}

function endedError(): Error {
  return new Error('Cannot use the transaction: it has been committed or rolled back')
}

function savepointName(name: string): string {
  // The prefix keeps words of SQL, such as `before`, from being read as such.
  if (SAVEPOINT_NAME.test(name)) return `sp_${name}`
  throw new TypeError(`Cannot use ${JSON.stringify(name)} as a savepoint: wanted letters, digits and underscores`)
}
