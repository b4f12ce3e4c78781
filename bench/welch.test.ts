import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mean, welch } from './welch.ts'

test('of samples alike t is near nothing, of others it is far from it', () => {
  const sample = (shift: number) => Array.from({ length: 1000 }, (_, index) => ((index * 37) % 100) + shift)
  assert.equal(mean([1, 2, 6]), 3)
  assert.equal(welch(sample(0), sample(0)), 0)
  assert.ok(welch(sample(0), sample(10)) < -7)
})

test('t is as R’s t.test says', () => {
  assert.equal(welch([1, 2, 3, 4], [2, 4, 6, 8, 10]).toFixed(4), '-2.2514')
})
