import type { BusinessReach } from './business-reach.ts'
import type { BoundStatement, DriverValue, Executor, Outcome, Session, Statement, Transaction } from './dialect.ts'
import type { OpenTransaction } from './open-transaction.ts'

/** What the sessions of all databases share: they are released once, and have one transaction at a time. */
export abstract class HeldSession implements Session {
  #isHeld = true
  #transaction: OpenTransaction | null = null

  protected abstract runOne(
    statement: Statement,
    params: readonly DriverValue[],
    business?: BusinessReach,
  ): Promise<Outcome>
  protected abstract runAll(items: readonly BoundStatement[]): Promise<Outcome[]>
  protected abstract open(): Promise<OpenTransaction>
  /** Ends the connection, and with it whatever locks and settings it has. */
  protected abstract end(): Promise<void>

  async execute(statement: Statement, params: readonly DriverValue[] = [], business?: BusinessReach): Promise<Outcome> {
    this.#assertHeld()
    return this.runOne(statement, params, business)
  }

  async pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    this.#assertHeld()
    return this.runAll(items)
  }

  within(_business: BusinessReach): Executor {
    return this
  }

  async begin(): Promise<Transaction> {
    this.#assertHeld()
    if (this.#transaction?.isOpen) throw new Error('Cannot begin: a transaction of the session is still open')
    this.#transaction = await this.open()
    return this.#transaction
  }

  async release(): Promise<void> {
    if (!this.#isHeld) return
    this.#isHeld = false
    try {
      if (this.#transaction?.isOpen) await this.#transaction.rollback()
    } finally {
      await this.end()
    }
  }

  #assertHeld(): void {
    if (!this.#isHeld) throw new Error('Cannot use the session: it has been released')
  }
}
