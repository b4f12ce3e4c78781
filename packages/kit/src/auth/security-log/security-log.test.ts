import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { SECURITY_EVENTS } from './security-log.ts'

it('docs/reference/security-log.md lists every kind of event with its sentence, in the order of the table', () => {
  const page = readFileSync(new URL('../../../../../docs/reference/security-log.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \|$/gm)]
  assert.deepEqual(
    rows.map(([, kind, sentence]) => [kind, sentence?.trim()]),
    Object.entries(SECURITY_EVENTS),
  )
})
