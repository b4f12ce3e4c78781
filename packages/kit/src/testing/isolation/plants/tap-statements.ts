import type { BoundStatement, Database, DriverValue, Executor, Outcome, Statement } from '../../../db/index.ts'
import type { Occasions } from './plant.ts'

/** What is done to statements between the code that makes them and the database. */
export interface StatementTap {
  /** The SQL that is run in its place. */
  readonly sql?: (sql: string) => string
  readonly params?: (sql: string, params: readonly DriverValue[]) => readonly DriverValue[]
  /** Statements that are answered as if they had been run. */
  readonly drops?: (sql: string) => boolean
}

/** Puts a tap on everything that runs on a database, in transactions and outside. It counts what it changes. */
export function tapStatements(database: Database, tap: StatementTap, occasions: Occasions): void {
  const tapping = new Tapping(tap, occasions)
  tapping.on(database)
  const begin = database.begin.bind(database)
  replace(database, 'begin', async () => {
    const transaction = await begin()
    tapping.on(transaction)
    return transaction
  })
}

const NOTHING: Outcome = { rows: [], columns: [], affected: 1, insertId: 1n }

class Tapping {
  readonly #tap: StatementTap
  readonly #occasions: Occasions
  readonly #rewritten = new Map<string, string>()

  constructor(tap: StatementTap, occasions: Occasions) {
    this.#tap = tap
    this.#occasions = occasions
  }

  on(executor: Executor): void {
    const execute = executor.execute.bind(executor)
    const pipeline = executor.pipeline.bind(executor)
    // What else it is told, such as whose rows a statement may touch, is passed on.
    const tapped = async (statement: Statement, params: readonly DriverValue[] = [], ...more: readonly unknown[]) => {
      if (this.#isDropped(statement)) return NOTHING
      const changed = this.#changed({ statement, params })
      return execute(...([changed.statement, changed.params, ...more] as unknown as Parameters<typeof execute>)) // as: what came
    }
    replace(executor, 'execute', tapped)
    replace(executor, 'pipeline', (items: readonly BoundStatement[]) =>
      pipeline(items.map((item) => ({ ...item, ...this.#changed(item) }))),
    )
  }

  #isDropped({ sql }: Statement): boolean {
    if (!this.#tap.drops?.(sql)) return false
    this.#occasions.count += 1
    return true
  }

  #changed({ statement, params }: BoundStatement): BoundStatement {
    const sql = this.#rewrite(statement.sql)
    const bound = this.#tap.params?.(statement.sql, params) ?? params
    if (sql !== statement.sql || bound !== params) this.#occasions.count += 1
    // Under the name of the first text the database may have kept that one.
    const changed = sql === statement.sql ? statement : { sql }
    return { statement: changed, params: bound }
  }

  #rewrite(sql: string): string {
    const known = this.#rewritten.get(sql)
    if (known !== undefined) return known
    const rewritten = this.#tap.sql?.(sql) ?? sql
    this.#rewritten.set(sql, rewritten)
    return rewritten
  }
}

/** Puts a method of one object in the place of its class's. */
export function replace<Target extends object, Name extends keyof Target & string>(
  target: Target,
  name: Name,
  value: Target[Name],
): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}
