import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContractDatabase, contract } from './contract.ts'
import type { Transaction } from './dialect.ts'

const SCHEMA = ['create table account (id integer primary key, balance integer not null)']

contract('transactions', SCHEMA, (on) => {
  test('what a transaction wrote is seen by others once it is committed', async () => {
    const transaction = await on.database.begin()
    await transaction.execute(on.statement('insert into account (id, balance) values (?, 5)'), [1])
    assert.equal((await transaction.execute({ sql: 'select * from account where id = 1' })).rows.length, 1)
    assert.equal(await count(on, 1), 0)
    await transaction.commit()
    assert.equal(await count(on, 1), 1)
  })

  test('a rollback leaves nothing behind', async () => {
    const transaction = await on.database.begin()
    await transaction.execute({ sql: 'insert into account (id, balance) values (2, 5)' })
    await transaction.rollback()
    assert.equal(await count(on, 2), 0)
  })

  test('a transaction without statements commits and rolls back', async () => {
    await (await on.database.begin()).commit()
    await (await on.database.begin()).rollback()
  })

  test('rolling back to a savepoint keeps what came before it', async () => {
    const transaction = await on.database.begin()
    await transaction.savepoint('outer_one')
    await transaction.execute({ sql: 'insert into account (id, balance) values (10, 5)' })
    await transaction.savepoint('inner_one')
    await transaction.execute({ sql: 'insert into account (id, balance) values (11, 5)' })
    await transaction.rollbackTo('inner_one')
    await transaction.execute({ sql: 'insert into account (id, balance) values (12, 5)' })
    await transaction.release('outer_one')
    await transaction.commit()
    assert.deepEqual([await count(on, 10), await count(on, 11), await count(on, 12)], [1, 0, 1])
  })

  test('after a failed statement a savepoint makes the transaction usable again', async () => {
    const transaction = await on.database.begin()
    await transaction.execute({ sql: 'insert into account (id, balance) values (20, 5)' })
    await transaction.savepoint('attempt')
    await assert.rejects(transaction.execute({ sql: 'insert into account (id, balance) values (20, 6)' }), {
      kind: 'unique',
    })
    await transaction.rollbackTo('attempt')
    await transaction.execute({ sql: 'insert into account (id, balance) values (21, 5)' })
    await transaction.commit()
    assert.deepEqual([await count(on, 20), await count(on, 21)], [1, 1])
  })

  test('a savepoint with anything but a plain name is refused', async () => {
    const transaction = await on.database.begin()
    await assert.rejects(transaction.savepoint('x; drop table account'), TypeError)
    await transaction.rollback()
  })

  test('every call after the end throws', async () => {
    for (const end of ['commit', 'rollback'] as const) {
      const transaction = await on.database.begin()
      await transaction[end]()
      await assert.rejects(transaction.execute({ sql: 'select 1' }), /has been committed or rolled back/)
      await assert.rejects(transaction.pipeline([]), /has been committed or rolled back/)
      await assert.rejects(transaction.savepoint('late'), /has been committed or rolled back/)
      await assert.rejects(transaction.commit(), /has been committed or rolled back/)
      await assert.rejects(transaction.rollback(), /has been committed or rolled back/)
    }
  })

  test('statements sent at once in one transaction run in order inside it', async () => {
    const transaction = await on.database.begin()
    const insert = on.statement('insert into account (id, balance) values (?, 0)', 'insert_account')
    await Promise.all(Array.from({ length: 20 }, (_, index) => transaction.execute(insert, [100 + index])))
    await transaction.rollback()
    assert.equal((await on.run('select * from account where id between 100 and 119')).rows.length, 0)
  })

  test('transactions at once that add to the same row lose no addition', async () => {
    await on.run('insert into account (id, balance) values (30, 0)')
    const lock = on.dialect === 'sqlite' ? '' : ' for update'
    const add = async () => {
      const transaction = await on.database.begin()
      const { rows } = await transaction.execute({ sql: `select balance from account where id = 30${lock}` })
      await transaction.execute(on.statement('update account set balance = ? where id = 30'), [
        Number(rows[0]?.[0]) + 1,
      ])
      await transaction.commit()
    }
    await Promise.all(Array.from({ length: 25 }, add))
    assert.equal(Number((await on.run('select balance from account where id = 30')).rows[0]?.[0]), 25)
  })

  test('a transaction of repeatable reads does not see what others commit meanwhile', {
    skip: on.dialect === 'sqlite' && 'a transaction holds the one writer: nobody commits meanwhile',
  }, async () => {
    const transaction = await on.database.begin({ isolation: 'repeatable read' })
    const balances = async () => (await transaction.execute({ sql: 'select id from account where id = 60' })).rows
    assert.deepEqual(await balances(), [])
    await on.run('insert into account (id, balance) values (60, 1)')
    assert.deepEqual(await balances(), [])
    await transaction.commit()
    const next = await on.database.begin()
    assert.equal((await next.execute({ sql: 'select id from account where id = 60' })).rows.length, 1)
    await next.commit()
  })

  test('of two serializable transactions that read what the other writes, one is refused as a conflict', {
    skip: on.dialect === 'sqlite' && 'transactions follow each other',
  }, async () => {
    await on.run('insert into account (id, balance) values (70, 1), (71, 1)')
    const [first, second] = await Promise.all([begin(), begin()])
    const moves = await Promise.allSettled([move(first, 70), move(second, 71)])
    const ends = await Promise.allSettled([first.commit(), second.commit()])
    const refusals = [...moves, ...ends].flatMap((end) => (end.status === 'rejected' ? [end.reason.kind] : []))
    assert.ok(refusals.includes('conflict'), String(refusals))
    assert.equal((await on.run('select id from account where id in (70, 71) and balance = 0')).rows.length, 1)

    async function begin() {
      const transaction = await on.database.begin({ isolation: 'serializable' })
      await transaction.execute({ sql: 'select sum(balance) from account where id in (70, 71)' })
      return transaction
    }

    function move(transaction: Transaction, id: number) {
      return transaction.execute(on.statement('update account set balance = 0 where id = ?'), [id])
    }
  })

  test('a session keeps its connection, and its transactions work', async () => {
    const session = await on.database.session()
    await session.execute({ sql: 'create temporary table scratch (id integer)' })
    await session.execute(on.statement('insert into scratch (id) values (?)'), [1])
    const transaction = await session.begin()
    await assert.rejects(session.begin(), /still open/)
    await transaction.execute({ sql: 'insert into account (id, balance) values (40, 1)' })
    await transaction.rollback()
    assert.equal((await session.execute({ sql: 'select * from scratch' })).rows.length, 1)
    await session.release()
    assert.equal(await count(on, 40), 0)
    await assert.rejects(session.execute({ sql: 'select 1' }), /has been released/)
    await assert.rejects(on.run('select * from scratch'), { kind: 'missing_table' })
  })

  test('a session released with an open transaction rolls it back and lets others write', async () => {
    const session = await on.database.session()
    const transaction = await session.begin()
    await transaction.execute({ sql: 'insert into account (id, balance) values (45, 1)' })
    await session.release()
    await on.run('insert into account (id, balance) values (46, 1)')
    assert.deepEqual([await count(on, 45), await count(on, 46)], [0, 1])
  })

  test('what a plain `begin` leaves open ends with it', async () => {
    await on.run('begin')
    await on.run('insert into account (id, balance) values (50, 1)')
    assert.equal(await count(on, 50), 1)
  })

  test('a change of the schema rolls back where the database says so', async () => {
    const transaction = await on.database.begin()
    await transaction.execute({ sql: 'create table fleeting (id integer)' })
    await transaction.rollback()
    const look = on.run('select * from fleeting')
    if (on.database.hasTransactionalDdl) await assert.rejects(look, { kind: 'missing_table' })
    else assert.deepEqual((await look).rows, [])
  })
})

async function count(on: ContractDatabase, id: number): Promise<number> {
  return (await on.run('select id from account where id = ?', [id])).rows.length
}
