import { spawn } from 'node:child_process'

interface Step {
  readonly name: string
  readonly command: readonly string[]
  /** Said under the output of a step that fails, unless its output says it already. */
  readonly remedy?: string
}

interface Result {
  readonly step: Step
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning']

export const STEPS: readonly Step[] = [
  {
    name: 'types',
    command: ['node_modules/.bin/tsc', '-p', '.'],
    remedy: 'Mend the types: `npx tsc -p .` shows them again.',
  },
  {
    name: 'lint',
    command: ['node_modules/.bin/biome', 'ci', '--colors=off', '.'],
    remedy: 'Run `npx biome check --write .`, then mend by hand what it leaves.',
  },
  { name: 'arrows', command: [...NODE, 'tools/arrows.ts'] },
  { name: 'cycles', command: [...NODE, 'tools/cycles.ts'] },
  { name: 'sizes', command: [...NODE, 'tools/sizes.ts'] },
  { name: 'examples', command: [...NODE, 'tools/examples.ts'] },
]

/** Runs the steps at the same time, but shows the output of each as one piece, as it ends. */
export async function runSteps(steps: readonly Step[]): Promise<Result[]> {
  return Promise.all(
    steps.map(async (step) => {
      const result = await runStep(step, 'pipe')
      if (result.output) console.log(`── ${step.name}\n${result.output.trimEnd()}`)
      if (!result.passed && step.remedy) console.log(`What to do: ${step.remedy}`)
      return result
    }),
  )
}

function runStep(step: Step, output: 'pipe' | 'inherit'): Promise<Result> {
  const started = performance.now()
  const [command = '', ...rest] = step.command
  const child = spawn(command, rest, { stdio: ['ignore', output, output] })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = (passed: boolean, message = ''): Result => {
    const text = Buffer.concat(chunks).toString() + message
    return { step, passed, output: text, seconds: (performance.now() - started) / 1000 }
  }
  return new Promise((settle) => {
    child.once('error', (error) => settle(ended(false, `${error.message}\n`)))
    child.once('close', (code) => settle(ended(code === 0)))
  })
}

function summarise(results: readonly Result[]): boolean {
  console.log('\ncheck:')
  for (const { step, passed, seconds } of results) {
    console.log(`  ${passed ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`)
  }
  const failed = results.filter(({ passed }) => !passed).map(({ step }) => step.name)
  console.log(failed.length > 0 ? `check: FAILED: ${failed.join(', ')}` : 'check: all is well')
  return failed.length === 0
}

if (import.meta.main) {
  const results = await runSteps(STEPS)
  if (!process.argv.includes('--without-tests')) {
    const tests: Step = { name: 'tests', command: [...NODE, 'tools/test.ts'] }
    results.push(await runStep(tests, 'inherit'))
  }
  process.exitCode = summarise(results) ? 0 : 1
}
