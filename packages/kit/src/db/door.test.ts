import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as door from './index.ts'
import * as inner from './query/inner.ts'

test('what crosses businesses without a word in the audit log is not for apps', () => {
  assert.equal('createContext' in door, true)
  for (const name of Object.keys(inner)) assert.equal(name in door, false, name)
})
