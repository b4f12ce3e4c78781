import type { BusinessReach } from '../business-reach.ts'
import type { BoundStatement, DriverValue, Executor, Outcome, Statement } from '../dialect.ts'

/** A database or a transaction that takes the business along with each statement. */
export interface BusinessRunner extends Executor {
  execute(statement: Statement, params?: readonly DriverValue[], business?: BusinessReach): Promise<Outcome>
}

/** Runs all statements within one business. */
export class BusinessExecutor implements Executor {
  readonly #runner: BusinessRunner
  readonly #business: BusinessReach

  constructor(runner: BusinessRunner, business: BusinessReach) {
    this.#runner = runner
    this.#business = business
  }

  execute(statement: Statement, params?: readonly DriverValue[]): Promise<Outcome> {
    return this.#runner.execute(statement, params, this.#business)
  }

  pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    return this.#runner.pipeline(items.map((item) => ({ ...item, business: this.#business })))
  }

  within(business: BusinessReach): Executor {
    return new BusinessExecutor(this.#runner, business)
  }
}

export function boundStatement(
  statement: Statement,
  params: readonly DriverValue[],
  business: BusinessReach | undefined,
): BoundStatement {
  return business === undefined ? { statement, params } : { statement, params, business }
}
