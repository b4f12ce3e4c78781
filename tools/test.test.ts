import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTestFiles, readArguments } from './test.ts'

test('words are filters by path, options go to Node with their value', () => {
  assert.deepEqual(readArguments(['clients', '--test-name-pattern', 'lists', '--test-only', 'account']), {
    filters: ['clients', 'account'],
    options: ['--test-name-pattern', 'lists', '--test-only'],
  })
})

test('without a filter every test file is found, and none of an installed package', () => {
  const files = findTestFiles(process.cwd(), [])
  assert.ok(files.includes('tools/test.test.ts'))
  assert.ok(files.every((path) => !/node_modules|dist\//.test(path)))
})

test('a filter leaves the files whose path holds it', () => {
  assert.deepEqual(findTestFiles(process.cwd(), ['tools/test.']), ['tools/test.test.ts'])
  assert.deepEqual(findTestFiles(process.cwd(), ['no such test']), [])
})
