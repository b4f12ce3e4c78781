import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSizes, findOversized } from './sizes.ts'
import type { Source } from './sources.ts'

const SMALL: Source = { path: 'small.ts', text: 'code', lineCount: 10, imports: [], functions: [] }
const LONG_FUNCTION = [{ line: 3, lineCount: 81, ownLineCount: 10 }]

test('a file of 500 lines and a function of 80 pass, one line more fails', () => {
  assert.deepEqual(findOversized([{ ...SMALL, lineCount: 500 }]), [])
  assert.deepEqual(findOversized([{ ...SMALL, lineCount: 501 }]), ['small.ts: 501 lines, more than 500'])
  assert.deepEqual(findOversized([{ ...SMALL, functions: LONG_FUNCTION }]), [
    'small.ts:3: a function of 81 lines, more than 80',
  ])
})

test('a reason in the first comment lets a file be longer', () => {
  const long = { ...SMALL, lineCount: 900 }
  assert.deepEqual(findOversized([{ ...long, text: '// size: one table of the standard\ncode' }]), [])
  assert.deepEqual(findOversized([{ ...long, text: '/**\n * A table.\n * size: it is one table\n */\ncode' }]), [])
  assert.equal(findOversized([{ ...long, text: '// size:\ncode' }]).length, 1)
  assert.equal(findOversized([{ ...long, text: 'code\n// size: too late\n' }]).length, 1)
})

test('a list of tests is measured less the tests in it', () => {
  const contract = { ...SMALL, functions: LONG_FUNCTION, imports: [{ specifier: 'node:test', target: null, line: 1 }] }
  assert.deepEqual(findOversized([contract]), [])
})

test('the report tells medians and the ratio of tests to sources', () => {
  const sources = [SMALL, { ...SMALL, lineCount: 30 }, { ...SMALL, path: 'small.test.ts', lineCount: 60 }]
  const report = describeSizes(sources)
  assert.match(report, /lines a file +2 +30 +30 +30/)
  assert.match(report, /test : source lines +1\.50/)
})

test('an empty tree has sizes of zero', () => {
  assert.match(describeSizes([]), /lines a file +0 +0 +0 +0/)
})
