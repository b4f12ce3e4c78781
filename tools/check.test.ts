import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSteps } from './check.ts'

function step(name: string, program: string) {
  return { name, command: [process.execPath, '-e', program] }
}

test('each step is passed or failed by its exit code, with all that it printed', async (t) => {
  const log = t.mock.method(console, 'log', () => {})
  const results = await runSteps([
    step('good', ''),
    { ...step('bad', "console.error('a fault'); process.exit(3)"), remedy: 'Mend it.' },
    { name: 'missing', command: ['/nowhere/program'] },
  ])
  assert.deepEqual(
    results.map(({ passed }) => passed),
    [true, false, false],
  )
  const printed = log.mock.calls.map(({ arguments: [text] }) => text).join('\n')
  assert.match(printed, /── bad\na fault\nWhat to do: Mend it\./)
  assert.match(printed, /── missing\n.*ENOENT/)
})
