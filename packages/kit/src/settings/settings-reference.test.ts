import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { settingsReference } from './index.ts'

it('docs/reference/settings.md says what the table says', () => {
  const page = new URL('../../../../docs/reference/settings.md', import.meta.url)
  assert.equal(readFileSync(page, 'utf8'), settingsReference())
})
