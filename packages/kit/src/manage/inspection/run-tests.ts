import { globSync } from 'node:fs'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { runNode } from './run-node.ts'

export interface TestArguments {
  readonly labels: readonly string[]
  readonly pattern: string | null
}

const TEST_FILES = '{apps,core,tests}/**/*.test.ts'

/** Runs the tests of a project by Node's own runner. */
export async function runTests(project: Project, { labels, pattern }: TestArguments): Promise<void> {
  const files = globSync(TEST_FILES, { cwd: project.root, exclude: (path) => /(^|[\\/])node_modules$/.test(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => labels.length === 0 || labels.some((label) => path.includes(label)))
    .toSorted()
  console.log(`Found ${files.length} test file(s).`)
  if (files.length === 0) {
    if (labels.length === 0) return
    throw new CommandError(`No test file has '${labels.join("' or '")}' in its path.`)
  }
  const named = pattern === null ? [] : [`--test-name-pattern=${pattern}`]
  process.exitCode = await runNode(project.root, [
    '--test',
    '--disable-warning=ExperimentalWarning',
    ...named,
    ...files,
  ])
}
