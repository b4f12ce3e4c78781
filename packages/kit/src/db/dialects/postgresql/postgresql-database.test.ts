import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../dialect.ts'
import { openDatabase } from '../open-database.ts'
import { type TestDatabase, testDatabases } from '../throwaway-database.ts'

const source = testDatabases().find(({ name }) => name === 'postgresql')

describe('the PostgreSQL database', { skip: source === undefined }, () => {
  let throwaway: TestDatabase
  /** One connection, so that a test knows what has been prepared on it. */
  let database: Database

  before(async () => {
    assert.ok(source)
    throwaway = await source.create()
    database = await openDatabase({ ...throwaway.options, poolSize: 1 })
  })

  after(async () => {
    await database.close()
    await throwaway.drop()
  })

  const value = async (sql: string) => (await database.execute({ sql })).rows[0]?.[0]

  test('sessions have the settings that the codecs count on', async () => {
    assert.equal(await value('show timezone'), 'UTC')
    assert.equal(await value('show datestyle'), 'ISO, MDY')
    assert.equal(await value('show intervalstyle'), 'iso_8601')
    assert.equal(await value('show bytea_output'), 'hex')
    assert.equal(await value('show statement_timeout'), '30s')
    assert.equal(await value('show idle_in_transaction_session_timeout'), '1min')
    assert.equal(await value('show application_name'), 'bailiwick')
  })

  test('columns tell the type by its OID', async () => {
    const { columns } = await database.execute({ sql: 'select 1::int8 as big, now() as at' })
    assert.deepEqual(columns, [
      { name: 'big', type: '20' },
      { name: 'at', type: '1184' },
    ])
  })

  test('a statement that the server has dropped is prepared again', async () => {
    const select = { sql: 'select 7', name: 'dropped' }
    await database.execute(select)
    await database.execute({ sql: 'deallocate all' })
    assert.deepEqual((await database.execute(select)).rows, [['7']])
    const outcomes = await database.pipeline([{ statement: select, params: [] }])
    assert.deepEqual(outcomes[0]?.rows, [['7']])
  })

  test('a name that somebody else prepared on the connection is taken over', async () => {
    await database.execute({ sql: 'prepare taken as select 1' })
    assert.deepEqual((await database.execute({ sql: 'select 8', name: 'taken' })).rows, [['8']])
  })

  test('in a transaction a statement whose table has changed is a conflict, and works the next time', async () => {
    const select = { sql: 'select * from shifting', name: 'shifting' }
    await database.execute({ sql: 'create table shifting (id integer)' })
    await database.execute(select)
    await database.execute({ sql: 'alter table shifting add column name text' })
    const transaction = await database.begin()
    await assert.rejects(transaction.execute(select), { kind: 'conflict' })
    await transaction.rollback()
    const again = await database.begin()
    assert.equal((await again.execute(select)).columns.length, 2)
    await again.commit()
  })

  test('a constraint checked only at the end fails the pipeline, or the commit', async () => {
    await database.execute({ sql: 'create table parent (id integer primary key)' })
    await database.execute({
      sql: 'create table child (parent integer references parent (id) deferrable initially deferred)',
    })
    const orphan = { statement: { sql: 'insert into child (parent) values (1)', name: 'orphan' }, params: [] }
    await assert.rejects(database.pipeline([orphan, orphan]), { kind: 'foreign_key' })
    const transaction = await database.begin()
    await transaction.pipeline([orphan])
    await assert.rejects(transaction.commit(), { kind: 'foreign_key', columns: ['parent'] })
    assert.equal(await value('select count(*) from child'), '0')
  })

  test('a statement that could not be sent does not let the next one out of its transaction', async () => {
    await database.execute({ sql: 'create table kept (id integer)' })
    const transaction = await database.begin()
    const notAValue = JSON.parse('{}')
    await assert.rejects(transaction.execute({ sql: 'select $1' }, [notAValue]), TypeError)
    await transaction.execute({ sql: 'insert into kept (id) values (1)' })
    await transaction.rollback()
    assert.equal(await value('select count(*) from kept'), '0')
    await assert.rejects(database.execute({ sql: 'select $1' }, [notAValue]), TypeError)
    assert.equal(await value('select 1'), '1')
  })

  test('copying from the client is refused, and a new connection takes over', async () => {
    await assert.rejects(database.execute({ sql: 'copy kept from stdin' }), /Cannot copy from the client/)
    assert.equal(await value('select 1'), '1')
  })

  test('a statement that takes too long is unavailable', async () => {
    const transaction = await database.begin()
    await transaction.execute({ sql: `set local statement_timeout = '20ms'` })
    await assert.rejects(transaction.execute({ sql: 'select pg_sleep(5)' }), { kind: 'unavailable' })
    await transaction.rollback()
  })

  test('a key on an expression names no columns', async () => {
    await database.execute({ sql: 'create table member (email text)' })
    await database.execute({ sql: 'create unique index member_email on member (lower(email))' })
    await database.execute({ sql: `insert into member (email) values ('a')` })
    await assert.rejects(database.execute({ sql: `insert into member (email) values ('A')` }), {
      kind: 'unique',
      constraint: 'member_email',
      columns: [],
    })
  })
})
