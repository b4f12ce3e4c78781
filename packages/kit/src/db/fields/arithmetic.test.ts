import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arithmeticOf } from './arithmetic.ts'
import { bigInteger, decimal, float, foreignKey, integer, text } from './index.ts'

test('a number tells its type, its places and its bounds', () => {
  assert.deepEqual(arithmeticOf(integer({ min: 0 }).kind), {
    type: 'integer',
    places: 0,
    lowest: '0',
    highest: '2147483647',
  })
  assert.deepEqual(arithmeticOf(bigInteger({ max: 5n }).kind), {
    type: 'bigint',
    places: 0,
    lowest: '-9223372036854775808',
    highest: '5',
  })
  assert.deepEqual(arithmeticOf(decimal({ digits: 5, places: 2 }).kind), {
    type: 'decimal',
    places: 2,
    lowest: '-999.99',
    highest: '999.99',
  })
  assert.deepEqual(arithmeticOf(float().kind), { type: 'float', places: 0, lowest: null, highest: null })
})

test('what is no number has no arithmetic', () => {
  assert.equal(arithmeticOf(text().kind), null)
  assert.equal(arithmeticOf(foreignKey('a.B', { onDelete: 'cascade', id: 'bigint' }).kind), null)
})
