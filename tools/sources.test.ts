import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { isTest, readSources, type Source } from './sources.ts'

const CONFIG = JSON.stringify({
  compilerOptions: { module: 'nodenext', noEmit: true, noLib: true, types: [] },
  include: ['**/*.ts'],
})

function read(path: string, text: string): Source {
  const root = mkdtempSync(join(tmpdir(), 'bw_sources_'))
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, 'tsconfig.json'), CONFIG)
    writeFileSync(join(root, path), text)
    const [source] = readSources(root)
    assert.ok(source)
    return source
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('every kind of import is seen: of types, re-exports, dynamic ones and import types', () => {
  const source = read(
    'backend/core/urls.ts',
    `import type { A } from './a.ts'
import { b } from '../apps/b/urls.ts'
export { c } from '@bailiwick/kit/db'
const d = await import('./d.ts')
type E = import('./e.ts').E
import pg from 'pg'
`,
  )
  assert.deepEqual(
    source.imports.map(({ target, line }) => [target, line]).toSorted((a, b) => Number(a[1]) - Number(b[1])),
    [
      ['backend/core/a.ts', 1],
      ['backend/apps/b/urls.ts', 2],
      ['packages/kit/src/db/index.ts', 3],
      ['backend/core/d.ts', 4],
      ['backend/core/e.ts', 5],
      [null, 6],
    ],
  )
})

test('an import inside a template text is no import', () => {
  assert.deepEqual(read('a.ts', "const template = `\nimport { a } from './a.ts'\n`\n").imports, [])
})

test('a function is measured whole, and less the functions inside it', () => {
  const { functions, lineCount } = read(
    'a.ts',
    `export function outer() {
  const inner = () => {
    return 1
  }
  return inner
}
`,
  )
  assert.equal(lineCount, 6)
  assert.deepEqual(functions, [
    { line: 1, lineCount: 6, ownLineCount: 3 },
    { line: 2, lineCount: 3, ownLineCount: 3 },
  ])
})

test('a test is a file that ends so, or stands in a tests folder', () => {
  assert.ok(isTest('packages/kit/src/db/query.test.ts'))
  assert.ok(isTest('backend/apps/clients/tests/make-client.ts'))
  assert.ok(!isTest('packages/kit/src/testing/make.ts'))
})
