import assert from 'node:assert/strict'
import { it } from 'node:test'
import { businessKey, globalKey } from './index.ts'

it('a key without a business is refused', () => {
  for (const business of [null, undefined, '']) {
    assert.throws(() => businessKey(business, 'clients'), /Cannot make a cache key for clients: it needs a business/)
  }
})

it('a part cannot reach into the keys of another business', () => {
  assert.notEqual(businessKey('acme', 'a:b'), businessKey('acme', 'a', 'b'))
  assert.notEqual(businessKey('acme:clients', '1'), businessKey('acme', 'clients', '1'))
  assert.notEqual(globalKey('business', 'acme'), businessKey('acme', 'x'))
})
