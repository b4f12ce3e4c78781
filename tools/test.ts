import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { findServices } from './services.ts'

const TEST_FILES = '{packages,backend,bench,tools}/**/*.test.ts'
// A test that hangs would otherwise hold the whole run for ever.
const TEST_TIMEOUT_MS = 300_000
const OPTIONS_WITH_VALUE = /^--test-(name-pattern|skip-pattern|concurrency|timeout|reporter|reporter-destination)$/

interface TestArguments {
  /** Parts of paths: a test file is run when its path holds any of them. */
  readonly filters: readonly string[]
  /** What is handed on to `node --test`. */
  readonly options: readonly string[]
}

/** Sorts the arguments of `npm test -- clients --test-name-pattern lists` into filters by path and options for Node. */
export function readArguments(given: readonly string[]): TestArguments {
  const filters: string[] = []
  const options: string[] = []
  given.forEach((argument, index) => {
    const isValue = OPTIONS_WITH_VALUE.test(given[index - 1] ?? '')
    const target = argument.startsWith('-') || isValue ? options : filters
    target.push(argument)
  })
  return { filters, options }
}

/** The test files whose path holds any of `filters`; all of them without one. */
export function findTestFiles(root: string, filters: readonly string[]): string[] {
  return globSync(TEST_FILES, { cwd: root, exclude: (path) => /(^|[\\/])(node_modules|dist)$/.test(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .toSorted()
}

async function runTests(given: readonly string[]): Promise<number> {
  const { filters, options } = readArguments(given)
  const files = findTestFiles(process.cwd(), filters)
  if (files.length === 0) {
    console.error(`No test file has ${filters.map((filter) => `'${filter}'`).join(' or ')} in its path.`)
    return 1
  }
  const { environment, missing } = await findServices(process.env)
  for (const line of missing) console.error(line)
  if (missing.length > 0 && process.env.REQUIRE_SERVICES === '1') {
    console.error('REQUIRE_SERVICES=1: every service must be there. No test was run.')
    return 1
  }
  const exitCode = await runNode(files, options, environment)
  // Again at the end, where it is not scrolled away.
  for (const line of missing) console.error(line)
  return exitCode
}

function runNode(files: readonly string[], options: readonly string[], environment: Readonly<Record<string, string>>) {
  const fixed = ['--test', '--disable-warning=ExperimentalWarning']
  if (!options.some((option) => option.startsWith('--test-reporter'))) fixed.push('--test-reporter=spec')
  const limits = [`--test-concurrency=${Math.max(2, availableParallelism())}`, `--test-timeout=${TEST_TIMEOUT_MS}`]
  const child = spawn(process.execPath, [...fixed, ...limits, ...options, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  return new Promise<number>((settle, fail) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
    child.once('error', fail).once('exit', (code) => settle(code ?? 1))
  })
}

if (import.meta.main) process.exitCode = await runTests(process.argv.slice(2))
