import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const FOLDER = join(import.meta.dirname, '../docs/reference')
const PAGE = readFileSync(join(FOLDER, 'asvs.md'), 'utf8')

/** The links to tests: what is written is the name of the test, or the end of it. */
const LINKS = [...PAGE.matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)]

describe('docs/reference/asvs.md', () => {
  test('names tests that are there', () => {
    assert.ok(LINKS.length > 40)
    const missing = LINKS.filter(([, name = '', path = '']) => !readFileSync(join(FOLDER, path), 'utf8').includes(name))
    assert.deepEqual(
      missing.map(([, name, path]) => `${path}: ${name}`),
      [],
    )
  })

  test('names a test for each requirement that it says is met', () => {
    const rows = PAGE.split('\n').filter((line) => /^\| \d/.test(line))
    const unproved = rows.filter((row) => !row.includes('.test.ts)') && !row.includes('**Not met.**'))
    assert.ok(rows.length > 40)
    assert.deepEqual(unproved, [])
  })
})
