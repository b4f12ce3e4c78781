import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContractDatabase, contract } from './contract.ts'
import type { BoundStatement } from './dialect.ts'

const SCHEMA = ['create table task (id integer primary key, title varchar(50) not null)']

contract('pipelines', SCHEMA, (on) => {
  const insert = (id: number, title: string | null): BoundStatement => ({
    statement: on.statement('insert into task (id, title) values (?, ?)', 'insert_task'),
    params: [id, title],
  })
  const select = (id: number): BoundStatement => ({
    statement: on.statement('select title from task where id = ?', 'select_task'),
    params: [id],
  })

  test('each statement gets its own outcome, and sees what those before it did', async () => {
    const outcomes = await on.database.pipeline([insert(1, 'a'), select(1), insert(2, 'b'), select(2), select(3)])
    assert.deepEqual(
      outcomes.map((outcome) => outcome.rows),
      [[], [['a']], [], [['b']], []],
    )
    assert.deepEqual(
      outcomes.map((outcome) => outcome.affected),
      [1, 0, 1, 0, 0],
    )
    assert.deepEqual(
      outcomes.map((outcome) => outcome.columns.length),
      [0, 1, 0, 1, 1],
    )
  })

  test('an empty pipeline has no outcomes', async () => {
    assert.deepEqual(await on.database.pipeline([]), [])
  })

  test('reads alone can be a pipeline too', async () => {
    const outcomes = await on.database.pipeline([select(-1), { statement: { sql: 'select 1' }, params: [] }])
    assert.equal(outcomes.length, 2)
  })

  for (const [title, failing] of [
    ['first', (id: number) => [insert(id, null), insert(id + 1, 'x'), insert(id + 2, 'y')]],
    ['middle', (id: number) => [insert(id, 'x'), insert(id + 1, null), insert(id + 2, 'y')]],
    ['last', (id: number) => [insert(id, 'x'), insert(id + 1, 'y'), insert(id + 2, null)]],
  ] as const) {
    test(`if the ${title} statement fails nothing is written, and its error is told`, async () => {
      await assert.rejects(on.database.pipeline(failing(10)), { kind: 'not_null' })
      assert.equal(await count(on), 0)
      assert.equal((await on.database.pipeline([insert(10, 'now'), select(10)]))[1]?.rows[0]?.[0], 'now')
      await on.run('delete from task where id >= 10')
    })
  }

  test('a failed preparation does not spoil the statements around it', async () => {
    const broken = { statement: { sql: 'select nothing from task', name: 'broken' }, params: [] }
    const fresh = { statement: { sql: 'select 5', name: 'fresh_after_broken' }, params: [] }
    for (let round = 0; round < 15; round += 1) {
      await assert.rejects(on.database.pipeline([insert(20, 'x'), broken, fresh]), { kind: 'syntax' })
      assert.equal((await on.database.pipeline([fresh]))[0]?.rows.length, 1)
    }
    assert.equal(await count(on), 0)
  })

  test('in a transaction a failed pipeline is undone to where the caller set a savepoint', async () => {
    const transaction = await on.database.begin()
    await transaction.pipeline([insert(30, 'kept')])
    await transaction.savepoint('before')
    await assert.rejects(transaction.pipeline([insert(31, 'gone'), insert(32, null)]), { kind: 'not_null' })
    await transaction.rollbackTo('before')
    await transaction.commit()
    assert.deepEqual(
      (await on.run('select id from task where id >= 30')).rows.map((row) => Number(row[0])),
      [30],
    )
  })

  test('the same named statement twice in a pipeline is fine on fresh connections', async () => {
    const twice = { statement: on.statement('select title, id from task where id = ?', 'twice'), params: [1] }
    await Promise.all(Array.from({ length: 10 }, () => on.database.pipeline([twice, twice])))
  })
})

async function count(on: ContractDatabase): Promise<number> {
  return (await on.run('select id from task where id between 10 and 29')).rows.length
}
