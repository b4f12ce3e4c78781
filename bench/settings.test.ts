import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBenchSettings } from './settings.ts'

test('without any variable, half a million rows over a thousand businesses are measured', () => {
  const { rows, businesses, databaseUrl, isStrict } = readBenchSettings({})
  assert.deepEqual(
    { rows, businesses, databaseUrl, isStrict },
    { rows: 500_000, businesses: 1000, databaseUrl: null, isStrict: false },
  )
})

test('a quick run says how much it wants', () => {
  const settings = readBenchSettings({
    BENCH_ROWS: '1000',
    BENCH_BUSINESSES: '10',
    BENCH_SECONDS: '0.5',
    BENCH_STRICT: '1',
  })
  assert.equal(settings.rows, 1000)
  assert.equal(settings.businesses, 10)
  assert.equal(settings.seconds, 0.5)
  assert.equal(settings.isStrict, true)
})

test('a number that is none is refused by name', () => {
  assert.throws(() => readBenchSettings({ BENCH_SECONDS: 'five' }), /^RangeError: BENCH_SECONDS is five/)
  assert.throws(() => readBenchSettings({ BENCH_ROUNDS: '-1' }), /^RangeError: BENCH_ROUNDS is -1/)
  assert.throws(() => readBenchSettings({ BENCH_ROWS: '5', BENCH_BUSINESSES: '10' }), RangeError)
})
