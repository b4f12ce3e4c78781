import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCommentExamples, findDocumentExamples, findFencedBlocks } from './find-examples.ts'

const DOCUMENT = `# Title

\`\`\`ts
const a = 1
\`\`\`

\`\`\`ts fragment
a.b(…)
\`\`\`

\`\`\`sh
curl localhost
\`\`\`
`

const COMMENT = `import { x } from './x.ts'

/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * const sum: Sum = add(1, 2)
 * assert.equal(sum, three)
 * \`\`\`
 *
 * @throws never
 */
export function add(a: number, b: number): Sum {
  return a + b
}

export type Sum = number

/**
 * @example
 * add(1, 2)
 */
export const unused = 1
`

test('the ts blocks of a document are examples, but for those marked as fragments', () => {
  assert.deepEqual(findDocumentExamples('a.md', DOCUMENT), [
    { path: 'a.md', line: 4, code: 'const a = 1\n', header: '', isRun: false },
  ])
})

test('fenced blocks of every language are found with their line', () => {
  assert.deepEqual(findFencedBlocks(DOCUMENT).at(-1), { language: 'sh', info: '', line: 12, code: 'curl localhost\n' })
})

test('an @example that asserts is run, with what it names imported for it', () => {
  const door = { path: 'packages/kit/src/a/index.ts', text: "export { other, three, type Three } from './three.ts'\n" }
  const [example, ...others] = findCommentExamples({ path: 'packages/kit/src/a/add.ts', text: COMMENT }, door)
  assert.deepEqual(others, [], 'an example without an assertion is only to be read')
  assert.equal(
    example?.header,
    "import assert from 'node:assert/strict'; import { add, type Sum } from '../../packages/kit/src/a/add.ts'; import { three } from '../../packages/kit/src/a/index.ts'",
  )
  assert.equal(example.line, 7)
  assert.equal(example.code, '\nconst sum: Sum = add(1, 2)\nassert.equal(sum, three)\n\n')
})
