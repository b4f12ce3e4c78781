import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract } from './contract.ts'

const SCHEMA = [
  'create table client (id integer primary key, name varchar(100) not null, visits integer not null default 0)',
  `insert into client (id, name) values (1, 'Asha'), (2, 'Bea'), (3, 'Cyd'), (4, 'Dee'), (5, 'Eve')`,
]

contract('statements', SCHEMA, (on) => {
  test('the outcome names the columns in order, with a type of the database', async () => {
    const statement = on.statement('select id, name as label from client where id = ?', 'columns')
    for (const id of [1, 2]) {
      const { columns, rows } = await on.database.execute(statement, [id])
      assert.deepEqual(
        columns.map((column) => column.name),
        ['id', 'label'],
      )
      assert.ok(columns.every((column) => typeof column.type === 'string'))
      assert.equal(rows[0]?.length, 2)
    }
  })

  test('a result without rows still names its columns', async () => {
    const { columns, rows } = await on.run('select id, name from client where id = -1')
    assert.deepEqual(
      columns.map((column) => column.name),
      ['id', 'name'],
    )
    assert.deepEqual(rows, [])
  })

  test('a named statement is used again with other values', async () => {
    const statement = on.statement('select name from client where id = ?', 'by_id')
    const names = []
    for (const id of [3, 1, 2, 3]) names.push((await on.database.execute(statement, [id])).rows[0]?.[0])
    assert.deepEqual(names, ['Cyd', 'Asha', 'Bea', 'Cyd'])
  })

  test('more named statements than a connection keeps all go on working', async () => {
    const statements = Array.from({ length: 1200 }, (_, number) => ({
      sql: `select ${number}`,
      name: `many_${number}`,
    }))
    const session = await on.database.session()
    for (const [number, statement] of [...statements.entries(), ...statements.entries()]) {
      assert.equal(Number((await session.execute(statement)).rows[0]?.[0]), number)
    }
    await session.release()
  })

  test('limit and offset can be bound, as number and as bigint', async () => {
    const statement = on.statement('select name from client order by id limit ? offset ?', 'page')
    assert.deepEqual((await on.database.execute(statement, [2, 1])).rows, [['Bea'], ['Cyd']])
    assert.deepEqual((await on.database.execute(statement, [1n, 4n])).rows, [['Eve']])
    assert.deepEqual((await on.run('select name from client order by id limit ?', [1])).rows, [['Asha']])
  })

  test('an update counts the rows it matched, changed or not; a select counts none', async () => {
    const update = on.statement('update client set visits = ? where id <= ?', 'visit')
    assert.equal((await on.database.execute(update, [7, 3])).affected, 3)
    assert.equal((await on.database.execute(update, [7, 3])).affected, 3)
    assert.equal((await on.database.execute(update, [7, 0])).affected, 0)
    assert.equal((await on.run('select * from client')).affected, 0)
    await on.run('create table copied (id integer)')
    assert.equal((await on.run('insert into copied (id) select id from client')).affected, 5)
    assert.equal((await on.run('alter table copied add column note varchar(9)')).affected, 0)
    assert.equal((await on.run('delete from copied')).affected, 5)
    assert.equal((await on.run('drop table copied')).affected, 0)
  })

  test('an auto-increment number is told where the database tells it', async () => {
    const type = { sqlite: 'integer primary key', postgresql: 'bigserial', mysql: 'bigint auto_increment primary key' }
    await on.run(`create table numbered (id ${type[on.dialect]}, name varchar(9))`)
    await on.run('insert into numbered (id, name) values (?, ?)', [2n ** 53n + 1n, 'x'])
    const { insertId, affected } = await on.run(`insert into numbered (name) values ('y')`)
    assert.equal(affected, 1)
    assert.equal(insertId, on.dialect === 'postgresql' ? null : 2n ** 53n + 2n)
    assert.equal((await on.run(`update numbered set name = 'z'`)).insertId, null)
  })

  test('a write that returns rows runs once and counts them', { skip: on.dialect === 'mysql' }, async () => {
    await on.run('create table returned (id bigint, name varchar(9))')
    const insert = on.statement('insert into returned (id, name) values (?, ?), (5, ?) returning id', 'returning')
    const { rows, affected } = await on.database.execute(insert, [2n ** 60n, 'a', 'b'])
    assert.deepEqual(
      rows.map((row) => BigInt(String(row[0]))),
      [2n ** 60n, 5n],
    )
    assert.equal(affected, 2)
    assert.equal((await on.run('select * from returned')).rows.length, 2)
  })

  test('five hundred statements at once all get their own answer', async () => {
    const statement = on.statement('select id, name from client where id = ?', 'at_once')
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, index) => on.database.execute(statement, [(index % 5) + 1])),
    )
    for (const [index, outcome] of outcomes.entries()) assert.equal(Number(outcome.rows[0]?.[0]), (index % 5) + 1)
  })

  test('several statements in one text are refused and none of them runs', async () => {
    await assert.rejects(on.run('select 1; delete from client'), { kind: 'syntax' })
    assert.equal((await on.run('select * from client')).rows.length, 5)
  })

  test('a named statement follows a change of its table', async () => {
    await on.run('create table moving (id integer)')
    await on.run('insert into moving (id) values (1)')
    const select = on.statement('select * from moving', 'moving')
    await Promise.all(Array.from({ length: 20 }, () => on.database.execute(select)))
    await on.run('alter table moving add column name varchar(9)')
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => on.database.execute(select)))
    for (const { columns, rows } of outcomes) {
      assert.deepEqual(
        columns.map((column) => column.name),
        ['id', 'name'],
      )
      assert.equal(rows[0]?.length, 2)
    }
  })

  test('a value with the text of a statement stays a value', async () => {
    const evil = `'; drop table client; -- \\' or 1=1`
    assert.deepEqual(
      (await on.run('select count(*) from client where name = ?', [evil])).rows.map((row) => Number(row[0])),
      [0],
    )
    assert.equal((await on.run('select * from client')).rows.length, 5)
  })

  test('the compiler of the dialect makes statements that run', async () => {
    assert.match(on.database.version, /^\d+\.\d+/)
    assert.ok(on.database.createQueryCompiler())
    assert.equal(on.database.createAdapter().supportsReturning, on.dialect !== 'mysql')
  })
})
