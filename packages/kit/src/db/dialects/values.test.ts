import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ContractDatabase, contract } from './contract.ts'
import type { DriverValue, RawValue } from './dialect.ts'

const BEYOND_DOUBLE = 2n ** 53n + 1n
const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)

contract('values come back as they were bound', [], (on) => {
  test('NULL comes back as null', async () => {
    assert.deepEqual(await roundTrip(on, 'varchar(20)', [null, 'x']), [null, 'x'])
  })

  test('text keeps emoji, quotes and backslashes', async () => {
    const texts = ['', 'Ünï 😀 𝄞', `it's "quoted"`, 'back\\slash \\n', 'two\nlines', '100%_', '?', '$1']
    assert.deepEqual(await roundTrip(on, 'varchar(200)', texts), texts)
  })

  test('64-bit integers come back exactly', async () => {
    const integers = [0n, 1n, -1n, BEYOND_DOUBLE, INT64_MAX, INT64_MIN]
    const values = await roundTrip(on, 'bigint', integers)
    assert.deepEqual(
      values.map((value) => BigInt(String(value))),
      integers,
    )
  })

  test('integers bound as numbers arrive as integers, in text columns too', async () => {
    assert.deepEqual((await roundTrip(on, 'bigint', [5, 2 ** 40])).map(Number), [5, 2 ** 40])
    assert.deepEqual(await roundTrip(on, 'varchar(20)', [5, -3]), ['5', '-3'])
  })

  test('floats come back exactly', async () => {
    const floats = [0.1, 1.5, -2.25e-10, 1e300]
    const type = on.dialect === 'sqlite' ? 'real' : 'double precision'
    assert.deepEqual((await roundTrip(on, type, floats)).map(Number), floats)
  })

  test('decimals come back as the text that was bound', async () => {
    const type = on.dialect === 'sqlite' ? 'text' : 'decimal(30, 10)'
    const decimals = ['12345678901234567890.1234567891', '-0.0000000001', '1.0000000000']
    assert.deepEqual(await roundTrip(on, type, decimals), decimals)
  })

  test('JSON comes back as text', async () => {
    const documents = ['{"a": [1, "😀", null], "b": "\\\\ \\""}', '[]', '9007199254740993']
    const values = await roundTrip(on, on.dialect === 'sqlite' ? 'text' : 'json', documents)
    assert.deepEqual(values, documents)
  })

  test('dates and times come back as text, in UTC', async () => {
    const type = { sqlite: 'text', postgresql: 'timestamptz(3)', mysql: 'datetime(3)' }[on.dialect]
    const suffix = on.dialect === 'postgresql' ? '+00' : ''
    const times = [`2026-01-31 23:59:59.123${suffix}`, `1970-01-01 00:00:00.001${suffix}`]
    assert.deepEqual(await roundTrip(on, type, times), times)
    assert.deepEqual(await roundTrip(on, on.dialect === 'sqlite' ? 'text' : 'date', ['2026-02-28']), ['2026-02-28'])
  })

  test('bytes come back unchanged', async () => {
    const type = { sqlite: 'blob', postgresql: 'bytea', mysql: 'varbinary(20)' }[on.dialect]
    const [value] = await roundTrip(on, type, [new Uint8Array([0, 255, 92, 39])])
    const hex = typeof value === 'string' ? value.replace('\\x', '') : Buffer.from(value as Uint8Array).toString('hex')
    assert.equal(hex, '00ff5c27')
  })

  test('a value that the column cannot hold is refused as invalid_value', {
    skip: on.dialect === 'sqlite',
  }, async () => {
    await on.run('create table narrow (name varchar(3), size smallint)')
    await assert.rejects(on.run('insert into narrow (name) values (?)', ['four']), { kind: 'invalid_value' })
    await assert.rejects(on.run('insert into narrow (size) values (?)', [70_000]), { kind: 'invalid_value' })
    await assert.rejects(on.run('insert into narrow (size) values (?)', ['many']), { kind: 'invalid_value' })
  })
})

let tableCount = 0

async function roundTrip(on: ContractDatabase, type: string, values: readonly DriverValue[]): Promise<RawValue[]> {
  tableCount += 1
  const table = `round_trip_${tableCount}`
  await on.run(`create table ${table} (position integer primary key, stored ${type})`)
  const insert = on.statement(`insert into ${table} (position, stored) values (?, ?)`, `${table}_insert`)
  for (const [position, value] of values.entries()) await on.database.execute(insert, [position, value])
  const select = on.statement(`select stored from ${table} order by position`, `${table}_select`)
  const prepared = (await on.database.execute(select)).rows.map((row) => row[0] ?? null)
  const unprepared = (await on.database.execute({ sql: select.sql })).rows.map((row) => row[0] ?? null)
  assert.deepEqual(unprepared, prepared)
  return prepared
}
