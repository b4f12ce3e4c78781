import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { loadEnvFile } from './index.ts'

it('an env file adds names and leaves those that are set', () => {
  const directory = mkdtempSync(join(tmpdir(), 'env-'))
  const path = join(directory, '.env')
  try {
    assert.equal(loadEnvFile(path), false)
    process.env.BAILIWICK_TEST_SET = 'from the environment'
    writeFileSync(path, 'BAILIWICK_TEST_SET=from the file\nBAILIWICK_TEST_ADDED=from the file\n')
    assert.equal(loadEnvFile(path), true)
    assert.equal(process.env.BAILIWICK_TEST_SET, 'from the environment')
    assert.equal(process.env.BAILIWICK_TEST_ADDED, 'from the file')
  } finally {
    delete process.env.BAILIWICK_TEST_SET
    delete process.env.BAILIWICK_TEST_ADDED
    rmSync(directory, { recursive: true })
  }
})
