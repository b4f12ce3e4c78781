import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabases } from '@bailiwick/kit/db'
import { measureStorm } from './login-storm.ts'

test('the storm is measured beside the calm', async () => {
  const [source] = testDatabases()
  assert.ok(source)
  const report = await measureStorm({ source, rounds: 1, phaseMs: 200, logins: 20 })
  assert.ok(report.calmRequests > 0 && report.stormRequests > 0)
  assert.ok((report.answers['200'] ?? 0) > 0)
  assert.equal(report.ratio, report.stormP99Ms / report.calmP99Ms)
})
