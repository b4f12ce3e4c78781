import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../dialect.ts'
import { openDatabase } from '../open-database.ts'

describe('the SQLite database', () => {
  let folder: string
  let database: Database

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bw-test-'))
    database = await openDatabase({ dialect: 'sqlite', name: join(folder, 'new', 'folders', 'app.sqlite3') })
    await database.execute({ sql: 'create table city (id integer primary key, name text)' })
    await database.execute({ sql: `insert into city (id, name) values (1, 'ÅRHUS'), (2, 'Århus'), (3, 'Oslo')` })
  })

  after(async () => {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })

  const value = async (sql: string) => (await database.execute({ sql })).rows[0]?.[0]

  test('is a file with the settings that many readers and one writer need', async () => {
    assert.ok(existsSync(join(folder, 'new', 'folders', 'app.sqlite3')))
    assert.equal(await value('pragma journal_mode'), 'wal')
    assert.equal(await value('pragma foreign_keys'), 1)
    assert.equal(await value('pragma busy_timeout'), 0)
    assert.equal(await value('pragma synchronous'), 1)
  })

  test('cannot be in memory, where each connection would have its own', async () => {
    for (const name of [':memory:', '', 'file:x?mode=memory']) {
      await assert.rejects(openDatabase({ dialect: 'sqlite', name }), /wanted the path of a file/)
    }
  })

  test('lowers text beyond ASCII', async () => {
    assert.equal(await value(`select count(*) from city where bw_lower(name) = 'århus'`), 2)
    assert.equal(await value('select bw_lower(null)'), null)
    assert.equal(await value('select bw_lower(9007199254740993)'), 9007199254740993n)
  })

  test('matches regular expressions', async () => {
    assert.equal(await value(`select count(*) from city where name regexp '^Å'`), 2)
    assert.equal(await value(`select null regexp 'x'`), null)
    assert.equal(await value(`select 9007199254740993 regexp '93$'`), 1)
  })

  test('refuses a bad pattern as invalid_value', async () => {
    await assert.rejects(database.execute({ sql: `select 'a' regexp '('` }), { kind: 'invalid_value' })
  })

  test('reads and writes through `with`', async () => {
    const { affected } = await database.execute({
      sql: `with new (name) as (values ('Rome')) insert into city (name) select name from new`,
    })
    assert.equal(affected, 1)
    assert.equal(await value(`with found as (select * from city where name = 'Rome') select count(*) from found`), 1)
  })

  test('readers go on while a transaction writes, and see only what is committed', async () => {
    const transaction = await database.begin()
    await transaction.execute({ sql: 'delete from city' })
    assert.ok(Number(await value('select count(*) from city')) > 0)
    await transaction.rollback()
  })

  test('writers wait their turn in the order they came', async () => {
    const order: string[] = []
    const first = await database.begin()
    const second = database.begin().then(async (transaction) => {
      order.push('second')
      await transaction.commit()
    })
    const third = database.execute({ sql: `update city set name = name` }).then(() => order.push('third'))
    await first.execute({ sql: 'select 1' })
    order.push('first')
    await first.commit()
    await Promise.all([second, third])
    assert.deepEqual(order, ['first', 'second', 'third'])
  })

  test('a deferred foreign key that fails at the commit rolls back and frees the writer', async () => {
    await database.execute({ sql: 'create table parent (id integer primary key)' })
    await database.execute({
      sql: 'create table child (parent integer references parent (id) deferrable initially deferred)',
    })
    const transaction = await database.begin()
    await transaction.execute({ sql: 'insert into child (parent) values (1)' })
    await assert.rejects(transaction.commit(), { kind: 'foreign_key' })
    assert.equal(await value('select count(*) from child'), 0)
    await database.execute({ sql: 'insert into parent (id) values (1)' })
  })

  test('two databases on one file wait for each other, and the process goes on meanwhile', async () => {
    const other = await openDatabase({ dialect: 'sqlite', name: join(folder, 'new', 'folders', 'app.sqlite3') })
    const transaction = await database.begin()
    await transaction.execute({ sql: `insert into city (name) values ('Lund')` })
    const order: string[] = []
    const waiting = [
      other.execute({ sql: `insert into city (name) values ('Kyiv')` }).then(() => order.push('statement')),
      other.begin().then((begun) => begun.commit().then(() => order.push('transaction'))),
    ]
    await new Promise(setImmediate)
    order.push('commit')
    await transaction.commit()
    await Promise.all(waiting)
    assert.deepEqual(order, ['commit', 'statement', 'transaction'])
    await other.execute({ sql: `insert into city (name) values ('Bern')` })
    assert.equal(await value(`select count(*) from city where name = 'Bern'`), 1)
    await other.close()
  })
})
