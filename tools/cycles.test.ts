import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCycles } from './cycles.ts'
import type { Source } from './sources.ts'

function sources(graph: Readonly<Record<string, readonly string[]>>): Source[] {
  return Object.entries(graph).map(([path, targets]) => ({
    path,
    text: '',
    lineCount: 1,
    functions: [],
    imports: targets.map((target) => ({ specifier: target, target, line: 1 })),
  }))
}

test('files that import one another without coming back are no cycle', () => {
  assert.deepEqual(findCycles(sources({ a: ['b', 'c'], b: ['c'], c: [] })), [])
})

test('a cycle is told from its first file round to that file', () => {
  assert.deepEqual(findCycles(sources({ a: ['b'], b: ['c'], c: ['d', 'b'], d: [] })), [['b', 'c', 'b']])
})

test('each cycle is told once, and a file that imports itself is one', () => {
  assert.deepEqual(findCycles(sources({ a: ['b'], b: ['a'], c: ['c'] })), [
    ['a', 'b', 'a'],
    ['c', 'c'],
  ])
})

test('test files are left out', () => {
  assert.deepEqual(findCycles(sources({ 'a.test.ts': ['b.test.ts'], 'b.test.ts': ['a.test.ts'] })), [])
})
