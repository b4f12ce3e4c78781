import { after, before, describe } from 'node:test'
import type { Database, DatabaseOptions, DialectName, DriverValue, Outcome, Statement } from './dialect.ts'
import { type TestDatabase, testDatabases } from './throwaway-database.ts'

/** The database that the tests of one dialect share. */
export class ContractDatabase {
  readonly dialect: DialectName
  #current: TestDatabase | null = null

  constructor(dialect: DialectName) {
    this.dialect = dialect
  }

  get database(): Database {
    return this.#opened().database
  }

  get options(): DatabaseOptions {
    return this.#opened().options
  }

  set current(opened: TestDatabase) {
    this.#current = opened
  }

  async drop(): Promise<void> {
    await this.#opened().drop()
  }

  /** A statement written with `?`, in the dialect's own placeholders. */
  statement(sql: string, name?: string): Statement {
    let count = 0
    const text = this.dialect === 'postgresql' ? sql.replaceAll('?', () => `$${++count}`) : sql
    return name === undefined ? { sql: text } : { sql: text, name }
  }

  run(sql: string, params: readonly DriverValue[] = []): Promise<Outcome> {
    return this.database.execute(this.statement(sql), params)
  }

  #opened(): TestDatabase {
    if (this.#current === null) throw new Error('The database is open while tests run')
    return this.#current
  }
}

/** Declares the same tests for every database at hand. `schema` is run first. */
export function contract(title: string, schema: readonly string[], declare: (on: ContractDatabase) => void): void {
  for (const source of testDatabases()) {
    describe(`${title} (${source.name})`, () => {
      const on = new ContractDatabase(source.name)
      before(async () => {
        on.current = await source.create()
        for (const sql of schema) await on.run(sql)
      })
      after(() => on.drop())
      declare(on)
    })
  }
}
