import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { DummyDriver, Kysely, sql } from 'kysely'
import type { Database } from '../dialect.ts'
import { type TestDatabase, testDatabases } from '../throwaway-database.ts'

const source = testDatabases().find(({ name }) => name === 'mysql')

describe('the MySQL database', { skip: source === undefined }, () => {
  let throwaway: TestDatabase
  let database: Database

  before(async () => {
    assert.ok(source)
    throwaway = await source.create()
    database = throwaway.database
  })

  after(() => throwaway.drop())

  const value = async (text: string) => (await database.execute({ sql: text })).rows[0]?.[0]

  test('sessions have the settings that the codecs count on', async () => {
    assert.equal(await value('select @@session.time_zone'), '+00:00')
    assert.equal(await value('select @@session.character_set_client'), 'utf8mb4')
    assert.match(String(await value('select @@session.sql_mode')), /STRICT_ALL_TABLES/)
    assert.match(String(await value('select @@session.sql_mode')), /NO_BACKSLASH_ESCAPES/)
    assert.equal(await value('select @@session.innodb_lock_wait_timeout'), '10')
    assert.equal(
      await value(`select @@session.${isMariaDb() ? 'tx_isolation' : 'transaction_isolation'}`),
      'READ-COMMITTED',
    )
    assert.ok(Number(await value(`select @@session.${isMariaDb() ? 'max_statement_time' : 'max_execution_time'}`)) > 0)
  })

  const isMariaDb = () => database.version.includes('MariaDB')

  test('a literal that Kysely writes arrives as it was', async () => {
    const kysely = new Kysely<Record<string, never>>({
      dialect: {
        createAdapter: () => database.createAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: () => assert.fail('Nothing introspects here'),
        createQueryCompiler: () => database.createQueryCompiler(),
      },
    })
    for (const text of [`it's`, 'back\\slash', `\\' or 1=1 -- `, '\\\\', '"']) {
      const { sql: query } = sql`select ${sql.lit(text)}`.compile(kysely)
      assert.equal(await value(query), text)
    }
  })

  test('numbers: small integers and floats as numbers, the rest as text', async () => {
    await database.execute({
      sql: 'create table number_types (a tinyint, b int, c bigint, d double, e decimal(10,2), f bigint unsigned)',
    })
    await database.execute({ sql: 'insert into number_types values (?, ?, ?, ?, ?, ?)' }, [
      1,
      2,
      3,
      0.5,
      '4.50',
      2n ** 64n - 1n,
    ])
    const expected = [1, 2, '3', 0.5, '4.50', '18446744073709551615']
    assert.deepEqual((await database.execute({ sql: 'select * from number_types' })).rows, [expected])
    const { rows, columns } = await database.execute({ sql: 'select * from number_types', name: 'number_types' })
    assert.deepEqual(rows, [expected])
    assert.deepEqual(
      columns.map(({ type }) => type),
      ['TINY', 'LONG', 'LONGLONG', 'DOUBLE', 'NEWDECIMAL', 'LONGLONG'],
    )
  })

  test('zero dates and lost precision are refused', async () => {
    await database.execute({ sql: 'create table strict_types (day date, at datetime(6))' })
    await assert.rejects(database.execute({ sql: `insert into strict_types (day) values ('0000-00-00')` }), {
      kind: 'invalid_value',
    })
    await assert.rejects(database.execute({ sql: `insert into strict_types (day) values ('2026-02-30')` }), {
      kind: 'invalid_value',
    })
    await database.execute({ sql: `insert into strict_types (at) values ('2026-01-01 00:00:00.000001')` })
    assert.equal(await value('select at from strict_types'), '2026-01-01 00:00:00.000001')
  })

  test('files of this machine cannot be loaded', async () => {
    await database.execute({ sql: 'create table loaded (line text)' })
    await assert.rejects(database.execute({ sql: `load data local infile '/etc/hostname' into table loaded` }))
    assert.equal(await value('select count(*) from loaded'), '0')
  })
})
