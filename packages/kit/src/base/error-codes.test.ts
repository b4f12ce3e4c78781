import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { ERROR_CODES } from './index.ts'

it('docs/reference/errors.md lists every code with its status and message, in the order of the table', () => {
  const page = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \| ([^|]+) \|/gm)]
  assert.deepEqual(
    rows.map(([, code, status, message]) => ({ code, status: Number(status), message: message?.trim() })),
    Object.entries(ERROR_CODES).map(([code, { status, message }]) => ({ code, status, message })),
  )
})
