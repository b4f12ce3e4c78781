import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { checkExamples } from './examples.ts'

async function check(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'bw_examples_'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ extends: resolve('tsconfig.json') }))
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
    return await checkExamples(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

function commented(assertion: string): string {
  return `/**\n * Doubles.\n *\n * @example\n * ${assertion}\n */\nexport function double(value: number) {\n  return value * 2\n}\n`
}

test('examples that compile and hold are passed', async () => {
  const problems = await check({
    'README.md': '```ts\nconst a: number = 1\nconsole.log(a)\n```\n',
    'packages/kit/src/base/double.ts': commented('assert.equal(double(2), 4)'),
  })
  assert.deepEqual(problems, [])
})

test('a document example that does not compile is told by its own line', async () => {
  const [problem] = await check({ 'docs/a.md': '# A\n\n```ts\nconst a = 1\nconst b: string = a\n```\n' })
  assert.match(problem ?? '', /^docs\/a\.md\(5,7\): error TS2322/)
})

test('a comment example that does not hold is told by its own line', async () => {
  const [problem] = await check({ 'packages/kit/src/base/double.ts': commented('assert.equal(double(2), 5)') })
  assert.match(problem ?? '', /^packages\/kit\/src\/base\/double\.ts:5: [\s\S]*4 !== 5/)
})

test('a tree without examples has no problems', async () => {
  assert.deepEqual(await check({}), [])
})
