import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type BusinessReach, EVERY_BUSINESS } from '../business-reach.ts'
import type { BoundStatement, Database, Executor } from '../dialect.ts'
import { openDatabase } from '../open-database.ts'
import { type TestDatabase, testDatabases } from '../throwaway-database.ts'

const source = testDatabases().find(({ name }) => name === 'postgresql')
const ACME = '01890000-0000-7000-8000-00000000000a'
const GLOBEX = '01890000-0000-7000-8000-00000000000b'
const SHOW = { sql: "select coalesce(current_setting('app.business', true), '')", name: 'show_business' }

describe('the business of a statement', { skip: source === undefined }, () => {
  let throwaway: TestDatabase
  /** One connection, so that what one statement left behind is seen by the next. */
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

  const shown = async (executor: Executor) => (await executor.execute(SHOW)).rows[0]?.[0]
  const show = (business?: BusinessReach): BoundStatement => ({
    statement: SHOW,
    params: [],
    ...(business !== undefined && { business }),
  })

  test('is set with it, and gone after it', async () => {
    assert.equal(await shown(database.within(ACME)), ACME)
    assert.equal(await shown(database), '')
    assert.equal(await shown(database.within(EVERY_BUSINESS)), '*')
    assert.equal(await shown(database.within(null)), '')
    assert.equal(await shown(database.within(ACME).within(GLOBEX)), GLOBEX)
  })

  test('is gone after a statement that failed, whatever failed', async () => {
    await assert.rejects(database.within(ACME).execute({ sql: 'select 1 / 0' }), { kind: 'invalid_value' })
    assert.equal(await shown(database), '')
    await database.execute({ sql: 'deallocate all' })
    assert.equal(await shown(database.within(ACME)), ACME)
  })

  test('differs from item to item of a pipeline, and adds no outcome', async () => {
    const items = [show(), show(ACME), show(ACME), show(null), show(GLOBEX), show(EVERY_BUSINESS)]
    const outcomes = await database.pipeline(items)
    assert.deepEqual(
      outcomes.map(({ rows }) => rows[0]?.[0]),
      ['', ACME, ACME, '', GLOBEX, '*'],
    )
    const bound = await database.within(ACME).pipeline([show(), show(GLOBEX)])
    assert.deepEqual(
      bound.map(({ rows }) => rows[0]?.[0]),
      [ACME, ACME],
    )
  })

  test('follows the context within a transaction, and comes back to a savepoint with it', async () => {
    const transaction = await database.begin()
    const [acme, globex] = [transaction.within(ACME), transaction.within(GLOBEX)]
    assert.equal(await shown(acme), ACME)
    await transaction.savepoint('before')
    assert.equal(await shown(globex), GLOBEX)
    await transaction.rollbackTo('before')
    assert.equal(await shown(globex), GLOBEX)
    await assert.rejects(acme.execute({ sql: 'select 1 / 0' }))
    await transaction.rollbackTo('before')
    assert.equal(await shown(acme), ACME)
    assert.equal(await shown(transaction.within(null)), '')
    assert.equal(await shown(globex), GLOBEX)
    await transaction.commit()
    assert.equal(await shown(database), '')
  })

  test('does not reach the next transaction of the connection', async () => {
    for (const end of ['commit', 'rollback'] as const) {
      const transaction = await database.begin()
      assert.equal(await shown(transaction.within(ACME)), ACME)
      await transaction[end]()
      const next = await database.begin()
      assert.equal(await shown(next), '')
      assert.equal(await shown(next.within(ACME)), ACME)
      await next.rollback()
    }
  })

  test('of statements that run at once on one connection is each its own', async () => {
    const transaction = await database.begin()
    const wanted = [ACME, GLOBEX, ACME, ACME, EVERY_BUSINESS, GLOBEX]
    assert.deepEqual(await Promise.all(wanted.map((business) => shown(transaction.within(business)))), wanted)
    await transaction.rollback()
  })

  test('of a session ends with the statement as well', async () => {
    const session = await database.session()
    assert.equal(await shown(session.within(ACME)), ACME)
    assert.equal(await shown(session), '')
    await session.release()
  })

  test('does not go before a statement that runs in no transaction', async () => {
    await database.execute({ sql: 'create table vacuumed (id int)' })
    const session = await database.session()
    const all = session.within(EVERY_BUSINESS)
    await all.execute({ sql: 'create index concurrently vacuumed_id on vacuumed (id)' })
    await all.execute({ sql: 'vacuum vacuumed' })
    assert.equal(await shown(all), '*')
    await all.execute({ sql: 'drop index concurrently vacuumed_id' })
    await session.release()
    await database.within(ACME).execute({ sql: 'vacuum vacuumed' })
    const transaction = await database.begin()
    await assert.rejects(transaction.within(ACME).execute({ sql: 'vacuum vacuumed' }), /transaction block/)
    await transaction.rollback()
  })

  test('without row-level security is not set, and every row is seen', async () => {
    const open = await openDatabase({ ...throwaway.options, poolSize: 1, rowSecurity: false })
    assert.equal(await shown(open.within(ACME)), '*')
    const transaction = await open.begin()
    assert.equal(await shown(transaction.within(ACME)), '*')
    await transaction.rollback()
    assert.equal(await shown(open), '*')
    await open.close()
  })
})
