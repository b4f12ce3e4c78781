import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract } from './contract.ts'
import { openDatabase } from './open-database.ts'

contract('connections', ['create table note (id integer primary key)'], (on) => {
  test('ping answers', async () => {
    await on.database.ping()
  })

  test('after every connection was killed the pool recovers', { skip: on.dialect === 'sqlite' }, async () => {
    const select = { sql: 'select 1', name: 'recovering' }
    const database = await openDatabase({ ...on.options, poolSize: 3 })
    await Promise.all(Array.from({ length: 9 }, () => database.execute(select)))
    await killAll()
    await eventually(async () => {
      await Promise.all(Array.from({ length: 9 }, () => database.execute(select)))
    })
    await database.close()
  })

  test('a transaction whose connection is killed fails with unavailable and frees its place', {
    skip: on.dialect === 'sqlite',
  }, async () => {
    const database = await openDatabase({ ...on.options, poolSize: 1 })
    const transaction = await database.begin()
    await transaction.execute({ sql: 'insert into note (id) values (1)' })
    await killAll()
    await assert.rejects(transaction.execute({ sql: 'select 1' }), { kind: 'unavailable' })
    await assert.rejects(transaction.commit())
    await eventually(async () => assert.deepEqual((await database.execute({ sql: 'select * from note' })).rows, []))
    await database.close()
  })

  test('who finds every connection taken is refused as unavailable, and the next one is served', {
    skip: on.dialect === 'sqlite',
  }, async () => {
    const database = await openDatabase({ ...on.options, poolSize: 1, poolTimeoutMs: 20 })
    const transaction = await database.begin()
    await transaction.execute({ sql: 'select 1' })
    await assert.rejects(database.execute({ sql: 'select 1' }), { kind: 'unavailable', message: /within 20 ms/ })
    await assert.rejects(database.begin(), { kind: 'unavailable' })
    await transaction.commit()
    await database.execute({ sql: 'select 1' })
    await database.close()
  })

  test('a session lock is free again once the session is released', { skip: on.dialect === 'sqlite' }, async () => {
    const take = on.dialect === 'postgresql' ? 'select pg_try_advisory_lock(42)' : `select get_lock('bw_test_lock', 0)`
    for (let round = 0; round < 3; round += 1) {
      const session = await on.database.session()
      const { rows } = await session.execute({ sql: take })
      assert.ok(['t', 1, '1'].includes(rows[0]?.[0] as string | number))
      await session.release()
    }
  })

  test('close ends cleanly, also twice, and later calls are refused as unavailable', async () => {
    const database = await openDatabase(on.options)
    await database.execute({ sql: 'select 1' })
    await Promise.all([database.close(), database.close()])
    await assert.rejects(database.execute({ sql: 'select 1' }), { kind: 'unavailable' })
    await assert.rejects(database.execute({ sql: 'insert into note (id) values (9)' }), { kind: 'unavailable' })
    await assert.rejects(database.begin(), { kind: 'unavailable' })
    await assert.rejects(database.pipeline([{ statement: { sql: 'select 1' }, params: [] }]), { kind: 'unavailable' })
    await assert.rejects(database.ping(), { kind: 'unavailable' })
  })

  test('a server that is not there, or refuses, is unavailable', { skip: on.dialect === 'sqlite' }, async () => {
    await assert.rejects(openDatabase({ ...on.options, port: 1 }), { kind: 'unavailable' })
    await assert.rejects(openDatabase({ ...on.options, name: 'bw_no_such_database' }), { kind: 'unavailable' })
  })

  /** Kills every connection to the database but the one that asks for it. */
  async function killAll(): Promise<void> {
    const own = await on.database.session()
    if (on.dialect === 'postgresql') {
      const sql =
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
      await own.execute({ sql })
    } else {
      const sql = 'select id from information_schema.processlist where db = database() and id <> connection_id()'
      for (const [id] of (await own.execute({ sql })).rows) await own.execute({ sql: `kill ${id}` })
    }
    await own.release()
  }
})

/** Connections that the server has ended are noticed a moment later: the statement in between may fail. */
async function eventually(attempt: () => Promise<void>): Promise<void> {
  for (let triesLeft = 20; ; triesLeft -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (triesLeft === 0) throw error
    }
  }
}
