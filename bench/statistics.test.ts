import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, percentile } from './statistics.ts'

test('the median is the middle value, whatever the order', () => {
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4]), 4)
})

test('the median of an even number of values is the mean of the two in the middle', () => {
  assert.equal(median([10, 1, 4, 2]), 3)
})

test('a percentile is a value that was seen', () => {
  const values = [50, 10, 40, 20, 30]
  assert.equal(percentile(values, 50), 30)
  assert.equal(percentile(values, 99), 50)
  assert.equal(percentile(values, 1), 10)
})

test('without values there is neither', () => {
  assert.throws(() => median([]), RangeError)
  assert.throws(() => percentile([], 50), RangeError)
})
