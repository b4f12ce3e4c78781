import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { createQueryId, type RootOperationNode } from 'kysely'
import {
  DatabaseError,
  type DialectName,
  type DriverValue,
  EVERY_BUSINESS,
  type Executor,
  type TestDatabase,
  testDatabases,
} from '../dialects/index.ts'
import { ChoiceTape } from './choice-tape.ts'
import { RandomSelects } from './random-select.ts'
import { RandomWrites } from './random-write.ts'
import { TenancyError } from './tenancy-error.ts'
import { holdInsideBusiness } from './wall.ts'
import { catalogue, compilerOf } from './wall-fixture.ts'

// Values of B alone hold these, the numbers too large for any sum over A's.
const CANARY = /canary|[78]\d{6}/i
const tapes = fc.array(fc.nat(), { minLength: 4, maxLength: 120, size: 'max' })

for (const source of testDatabases()) {
  const isSqlite = source.name === 'sqlite'
  describe(`random queries inside business A (${source.name})`, () => {
    let opened: TestDatabase
    let untouched: string
    before(async () => {
      opened = await source.create()
      for (const sql of schemaOf(source.name)) await opened.database.execute({ sql })
      for (const sql of rowsOf(['A', 'B'])) await opened.database.execute({ sql })
      untouched = await hashOthers(opened.database)
    })
    after(() => opened.drop())

    const attempt = (node: RootOperationNode, isHeld: boolean): Promise<Attempt> =>
      run(opened, node, { isHeld, untouched })

    it('never return a value of B', async () => {
      const seen = new Tally()
      const property = fc.asyncProperty(tapes, async (numbers) => {
        const found = await attempt(randomSelect(numbers, source.name), true)
        seen.add(found)
        assert.deepEqual(found.leaks, [], found.sql)
      })
      await fc.assert(property, { numRuns: isSqlite ? 300 : 100 })
      seen.requireMost()
    })

    it('never change a row of B, nor return one', async () => {
      const seen = new Tally()
      const property = fc.asyncProperty(tapes, async (numbers) => {
        const found = await attempt(randomWrite(numbers, source.name), true)
        seen.add(found)
        assert.deepEqual(found.leaks, [], found.sql)
      })
      await fc.assert(property, { numRuns: isSqlite ? 300 : 100 })
      seen.requireMost()
    })

    it('would do both without the wall', async () => {
      const samples = fc.sample(tapes, 200)
      const leaks = new Set<string>()
      for (const numbers of samples) {
        for (const node of [randomSelect(numbers, source.name), randomWrite(numbers, source.name)]) {
          const found = await attempt(node, false)
          for (const leak of found.leaks) leaks.add(leak)
        }
      }
      assert.deepEqual([...leaks].sort(), ['changed a row of B', 'returned a value of B'])
    })
  })
}

const postgresql = testDatabases().find(({ name }) => name === 'postgresql')

describe('random queries without the wall, under row-level security', { skip: postgresql === undefined }, () => {
  let opened: TestDatabase
  let untouched: string
  before(async () => {
    assert.ok(postgresql)
    opened = await postgresql.create()
    for (const sql of [...schemaOf('postgresql'), ...rowsOf(['A', 'B']), ...POLICIES]) {
      await opened.database.execute({ sql })
    }
    untouched = await hashOthers(opened.database.within(EVERY_BUSINESS))
  })
  after(() => opened.drop())

  for (const [title, random] of [
    ['never return a value of B', randomSelect],
    ['never change a row of B, nor return one', randomWrite],
  ] as const) {
    it(title, async () => {
      const seen = new Tally()
      const property = fc.asyncProperty(tapes, async (numbers) => {
        const options = { isHeld: false, isWithin: true, untouched }
        const found = await run(opened, random(numbers, 'postgresql'), options)
        seen.add(found)
        assert.deepEqual(found.leaks, [], found.sql)
      })
      await fc.assert(property, { numRuns: 100 })
      seen.requireSome()
    })
  }
})

/** As migrations make them, but for the business, which is no uuid here. */
const BUSINESS = "(select nullif(nullif(current_setting('app.business', true), ''), '*'))"
const IS_EVERY = "(select current_setting('app.business', true) = '*')"
const IS_TIED = `exists (select from business_membership link where link.user_id = account_user.id and link.business_id = ${BUSINESS})`
const POLICIES = [
  ...['clients_client', 'clients_order', 'business_membership'].map((table) => [
    table,
    `business_id = ${BUSINESS} or ${IS_EVERY}`,
  ]),
  ['account_user', `${IS_EVERY} or ${IS_TIED}`],
].flatMap(([table, condition]) => [
  `create policy bailiwick_rows on ${table} using (${condition}) with check (${condition})`,
  `alter table ${table} enable row level security, force row level security`,
])

describe('random selects inside business A', () => {
  it('answer the same whether or not there is a business B', async () => {
    const [alone, together] = await Promise.all([openWith(['A']), openWith(['A', 'B'])])
    const property = fc.asyncProperty(tapes, async (numbers) => {
      const node = randomSelect(numbers, 'sqlite')
      const { sql, params } = compile(node, 'sqlite', true)
      // Which rows a limit lets through is the database's choice among equals.
      fc.pre(!sql.includes(' limit '))
      assert.deepEqual(await answer(alone, sql, params), await answer(together, sql, params), sql)
    })
    try {
      await fc.assert(property, { numRuns: 300 })
    } finally {
      await Promise.all([alone.drop(), together.drop()])
    }
  })
})

type Leak = 'returned a value of B' | 'changed a row of B'

interface Attempt {
  readonly sql: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly leaks: readonly Leak[]
}

interface AttemptOptions {
  readonly isHeld: boolean
  /** Whether the database is told that it is A that asks. */
  readonly isWithin?: boolean
  /** The hash of B's rows that must be found after. */
  readonly untouched: string
}

async function run({ database }: TestDatabase, node: RootOperationNode, options: AttemptOptions): Promise<Attempt> {
  const compiled = tryCompile(node, database.dialect, options.isHeld)
  if (compiled === null) return { sql: '', outcome: 'refused', leaks: [] }
  const { sql, params } = compiled
  const transaction = await database.begin()
  const leaks: Leak[] = []
  try {
    const executor = options.isWithin ? transaction.within('A') : transaction
    const { rows } = await executor.execute({ sql }, params)
    if (rows.some((row) => row.some((value) => CANARY.test(String(value))))) leaks.push('returned a value of B')
    if ((await hashOthers(transaction.within(EVERY_BUSINESS))) !== options.untouched) leaks.push('changed a row of B')
    return { sql, outcome: 'done', leaks }
  } catch (error) {
    // A clash of keys, or a query that this database does not take: it has then neither read nor written.
    if (!(error instanceof DatabaseError)) throw error
    return { sql: `${sql}: ${error.message}`, outcome: 'failed', leaks: [] }
  } finally {
    await transaction.rollback()
  }
}

/** Counts outcomes: a property that holds because every query fails would prove nothing. */
class Tally {
  readonly #counts = { done: 0, refused: 0, failed: 0 }
  readonly #failures: string[] = []

  add({ outcome, sql }: Attempt): void {
    this.#counts[outcome] += 1
    if (outcome === 'failed') this.#failures.push(sql)
  }

  /** Without the wall, what would write to another business is refused by the database. */
  requireSome(): void {
    const { done, failed } = this.#counts
    assert.ok(done > failed / 2, `${JSON.stringify(this.#counts)}\n${this.#failures.slice(0, 9).join('\n')}`)
  }

  requireMost(): void {
    const { done, refused, failed } = this.#counts
    assert.ok(
      done > (refused + failed) * 1.5,
      `${JSON.stringify(this.#counts)}\n${this.#failures.slice(0, 9).join('\n')}`,
    )
  }
}

function randomSelect(numbers: readonly number[], dialect: DialectName): RootOperationNode {
  return new RandomSelects(new ChoiceTape(numbers), dialect).rows(2)
}

function randomWrite(numbers: readonly number[], dialect: DialectName): RootOperationNode {
  return new RandomWrites(new RandomSelects(new ChoiceTape(numbers), dialect)).write()
}

function tryCompile(node: RootOperationNode, dialect: DialectName, isHeld: boolean): Compiled | null {
  try {
    return compile(node, dialect, isHeld)
  } catch (error) {
    if (error instanceof TenancyError) return null
    throw error
  }
}

interface Compiled {
  readonly sql: string
  readonly params: readonly DriverValue[]
}

function compile(node: RootOperationNode, dialect: DialectName, isHeld: boolean): Compiled {
  const compiler = compilerOf(dialect)
  const held = isHeld ? holdInsideBusiness(node, { catalogue, business: 'A', compiler, dialect }) : node
  const { sql, parameters } = compiler.compileQuery(held, createQueryId())
  // The generator binds strings and numbers only.
  return { sql, params: parameters as readonly DriverValue[] }
}

async function openWith(businesses: readonly string[]): Promise<TestDatabase> {
  const [sqlite] = testDatabases()
  assert.ok(sqlite)
  const opened = await sqlite.create()
  for (const sql of [...schemaOf('sqlite'), ...rowsOf(businesses)]) await opened.database.execute({ sql })
  return opened
}

async function answer({ database }: TestDatabase, sql: string, params: readonly DriverValue[]): Promise<string[]> {
  try {
    const { rows } = await database.execute({ sql }, params)
    return rows.map((row) => row.join('|')).sort()
  } catch (error) {
    if (error instanceof DatabaseError) return [error.kind]
    throw error
  }
}

function schemaOf(dialect: DialectName): readonly string[] {
  const key = {
    sqlite: 'integer primary key',
    postgresql: 'serial primary key',
    mysql: 'int primary key auto_increment',
  }
  const table = (name: string, columns: string) =>
    `create table ${name} (id ${key[dialect]}, name varchar(100), credit integer, ${columns} owner_id integer)`
  return [
    table('clients_client', 'business_id varchar(20),'),
    table('clients_order', 'business_id varchar(20), client_id integer,'),
    table('business_membership', 'business_id varchar(20), user_id integer,'),
    table('account_user', ''),
    table('config_country', ''),
  ]
}

/** Rows of the businesses; ids are keys of the whole table, so that those of A can clash with those of B. */
function rowsOf(businesses: readonly string[]): readonly string[] {
  const scoped = ['clients_client', 'clients_order'].flatMap((table) =>
    businesses.flatMap((business) =>
      [1, 2, 3].map(
        (number) => `insert into ${table} (id, name, credit, business_id) values (${rowOf(business, number)})`,
      ),
    ),
  )
  const members = businesses.flatMap((business) => {
    const users = business === 'A' ? [1, 2] : [2, 3, 4]
    const insert = 'insert into business_membership (id, name, credit, business_id, user_id) values'
    return users.map((user) => `${insert} (${rowOf(business, user)}, ${user})`)
  })
  const users = [1, 2].map((id) => `insert into account_user (id, name, credit) values (${id}, 'user ${id}', ${id})`)
  const others = [3, 4].map(
    (id) => `insert into account_user (id, name, credit) values (${id}, 'canary ${id}', 8000000)`,
  )
  const countries = [1, 2, 12].map(
    (id) => `insert into config_country (id, name, credit) values (${id}, 'land ${id}', ${id})`,
  )
  return [...scoped, ...members, ...users, ...(businesses.includes('B') ? others : []), ...countries]
}

function rowOf(business: string, number: number): string {
  return business === 'A'
    ? `${number}, 'client ${number}', ${number}, 'A'`
    : `${10 + number}, 'Canary ${number}', ${7_000_000 + number}, 'B'`
}

async function hashOthers(executor: Executor): Promise<string> {
  const hash = createHash('sha256')
  for (const table of ['clients_client', 'clients_order', 'business_membership']) {
    const { rows } = await executor.execute({ sql: `select * from ${table} where business_id = 'B' order by id` })
    hash.update(JSON.stringify(rows))
  }
  const { rows } = await executor.execute({ sql: 'select * from account_user where id in (3, 4) order by id' })
  return hash.update(JSON.stringify(rows)).digest('hex')
}
