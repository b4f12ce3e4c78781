import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Example, findCommentExamples, findDocumentExamples } from './find-examples.ts'
import { reportProblems } from './problems.ts'

// Not under node_modules: Node strips no types there.
const FOLDER = '.cache/examples'

/** Compiles the examples of the documents and comments under `root`, then runs those that assert. */
export async function checkExamples(root: string): Promise<string[]> {
  const folder = resolve(root, FOLDER)
  const examples = readExamples(root)
  rmSync(folder, { recursive: true, force: true })
  if (examples.length === 0) return []
  mkdirSync(folder, { recursive: true })
  const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  for (const example of examples) writeFileSync(join(folder, fileName(example)), moduleOf(example))
  const mistakes = compile(root, examples)
  return mistakes.length > 0 ? mistakes : run(folder, examples)
}

function readExamples(root: string): Example[] {
  const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root })
  const sources = globSync('packages/*/src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  return [
    ...documents.flatMap((path) => findDocumentExamples(path, read(path))),
    ...sources.flatMap((path) => {
      const door = path.replace(/(\/src\/[^/]+\/).*/, '$1index.ts')
      return findCommentExamples(
        { path, text: read(path) },
        sources.includes(door) ? { path: door, text: read(door) } : undefined,
      )
    }),
  ]
}

function fileName({ path, line }: Example): string {
  return `${path.replaceAll('/', '--')}-${line}.ts`
}

/** Each line of code keeps the number that it has in its document, so that messages point there. */
function moduleOf({ header, line, code }: Example): string {
  return `${header}${'\n'.repeat(line - 1)}${code}\nexport {}\n`
}

function compile(root: string, examples: readonly Example[]): string[] {
  const compiler = resolve(root, 'node_modules/.bin/tsc')
  const result = spawnSync(compiler, ['-p', FOLDER, '--pretty', 'false'], { cwd: root, encoding: 'utf8' })
  if (result.error) throw result.error
  if (result.status === 0) return []
  const mistakes = result.stdout.split('\n').filter((line) => line.startsWith(FOLDER))
  // A mistake in the sources themselves is for the check of types to tell.
  return mistakes.map((mistake) => {
    const example = examples.find((one) => mistake.startsWith(`${FOLDER}/${fileName(one)}(`))
    return example ? mistake.replace(`${FOLDER}/${fileName(example)}`, example.path) : mistake
  })
}

async function run(folder: string, examples: readonly Example[]): Promise<string[]> {
  const problems: string[] = []
  for (const example of examples.filter(({ isRun }) => isRun)) {
    try {
      await import(pathToFileURL(join(folder, fileName(example))).href)
    } catch (error) {
      problems.push(`${example.path}:${example.line}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return problems
}

if (import.meta.main) {
  const problems = await checkExamples(process.cwd())
  reportProblems(
    'examples',
    problems,
    'Mend the example, or the code that it shows. A block that is not complete by itself opens with ```ts fragment.',
  )
  // An example may leave a connection open: the check is over all the same.
  process.exit()
}
