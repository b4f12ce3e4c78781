import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attackCount, attackSeed } from './attack-count.ts'

test('a whole project is attacked thoroughly where time is taken for it, and quickly where somebody waits', () => {
  assert.equal(attackCount({ CI: 'true' }, true), 20_000)
  assert.equal(attackCount({ REQUIRE_SERVICES: '1' }, true), 20_000)
  assert.equal(attackCount({ CI: 'true' }, false), 2_000)
  assert.equal(attackCount({}, true), 2_000)
  assert.equal(attackCount({ CI: 'false' }, true), 2_000)
  assert.equal(attackCount({ ATTACKS: '100000' }, false), 100_000)
})

test('a number that is none is refused by its name', () => {
  assert.throws(
    () => attackCount({ ATTACKS: 'many' }, true),
    /^TypeError: ATTACKS must be a whole number .* got "many"/,
  )
  assert.throws(() => attackSeed({ ISOLATION_SEED: '0' }), /^TypeError: ISOLATION_SEED must be/)
  assert.equal(attackSeed({ ISOLATION_SEED: '7' }), 7)
})
