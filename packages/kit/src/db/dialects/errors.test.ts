import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract } from './contract.ts'
import { DatabaseError, type DatabaseErrorKind } from './database-error.ts'

const SCHEMA = [
  'create table business (id integer primary key, name varchar(20) not null)',
  `create table client (
    id integer primary key, business_id integer not null, email varchar(50), age integer,
    constraint client_business foreign key (business_id) references business (id) on delete restrict,
    constraint client_email unique (business_id, email),
    constraint client_age check (age >= 0)
  )`,
  `insert into business (id, name) values (1, 'Acme'), (2, 'Globex')`,
  `insert into client (id, business_id, email) values (1, 1, 'a@b.c')`,
]

contract('errors', SCHEMA, (on) => {
  const failure = async (sql: string): Promise<DatabaseError> => {
    const error = await on.run(sql).then(
      () => assert.fail('The statement should have failed'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof DatabaseError, String(error))
    return error
  }

  test('a second row with the same key is unique, with the name of the key or its columns', async () => {
    const error = await failure(`insert into client (id, business_id, email) values (9, 1, 'a@b.c')`)
    assert.equal(error.kind, 'unique')
    if (on.dialect === 'sqlite') assert.deepEqual(error.columns, ['business_id', 'email'])
    else assert.equal(error.constraint, 'client_email')
    if (on.dialect !== 'mysql') assert.equal(error.table, 'client')
  })

  test('a reference to nothing and the removal of what is referred to are foreign_key', async () => {
    for (const sql of ['insert into client (id, business_id) values (9, 77)', 'delete from business where id = 1']) {
      const error = await failure(sql)
      assert.equal(error.kind, 'foreign_key')
      if (on.dialect !== 'sqlite') assert.equal(error.constraint, 'client_business')
    }
  })

  test('a missing value is not_null, with its column', async () => {
    const error = await failure('insert into client (id, business_id) values (9, null)')
    assert.equal(error.kind, 'not_null')
    assert.deepEqual(error.columns, ['business_id'])
    assert.equal((await failure('insert into business (id) values (9)')).kind, 'not_null')
  })

  test('a broken check is check, with its name', async () => {
    const error = await failure('insert into client (id, business_id, age) values (9, 1, -1)')
    assert.equal(error.kind, 'check')
    assert.equal(error.constraint, 'client_age')
  })

  test('a table that does not exist is missing_table', async () => {
    for (const sql of ['select * from nowhere', 'insert into nowhere (id) values (1)', 'drop table nowhere']) {
      assert.equal((await failure(sql)).kind, 'missing_table')
    }
  })

  test('a statement that makes no sense is syntax', async () => {
    for (const sql of ['selec 1', 'select nothing from client', 'select no_such_function(1)', 'select (1']) {
      assert.equal((await failure(sql)).kind, 'syntax', sql)
    }
  })

  test('values in the message cannot pass for names', async () => {
    const evil = `x' for column 'evil' and key 'evil`
    await on.run('insert into client (id, business_id, email) values (50, 1, ?)', [evil])
    const again = on.run('insert into client (id, business_id, email) values (51, 1, ?)', [evil])
    await assert.rejects(again, (error: unknown) => {
      assert.ok(error instanceof DatabaseError)
      assert.equal(error.kind, 'unique')
      assert.ok(error.constraint === 'client_email' || error.columns.includes('email'))
      return true
    })
  })

  test('two transactions that wait for each other: one of them fails with conflict and stays unusable', {
    skip: on.dialect === 'sqlite',
  }, async () => {
    const [first, second] = [await on.database.begin(), await on.database.begin()]
    const touch = (id: number) => ({ sql: `update business set name = name where id = ${id}` })
    await first.execute(touch(1))
    await second.execute(touch(2))
    const results = await Promise.allSettled([first.execute(touch(2)), second.execute(touch(1))])
    const kinds = results.map((result) => (result.status === 'rejected' ? kindOf(result.reason) : 'fine'))
    assert.deepEqual(kinds.toSorted(), ['conflict', 'fine'])
    const loser = results[0]?.status === 'rejected' ? first : second
    await assert.rejects(loser.execute({ sql: 'select 1' }), DatabaseError)
    await assert.rejects(loser.commit(), DatabaseError)
    await (loser === first ? second : first).commit()
  })

  test('a commit after a failed statement never claims what was lost', async () => {
    const transaction = await on.database.begin()
    await transaction.execute({ sql: `insert into business (id, name) values (60, 'New')` })
    await assert.rejects(transaction.execute({ sql: `insert into business (id, name) values (60, 'Twice')` }))
    const committed = await transaction.commit().then(
      () => true,
      () => false,
    )
    assert.equal((await on.run('select * from business where id = 60')).rows.length === 1, committed)
  })
})

function kindOf(error: unknown): DatabaseErrorKind | 'not a DatabaseError' {
  return error instanceof DatabaseError ? error.kind : 'not a DatabaseError'
}
