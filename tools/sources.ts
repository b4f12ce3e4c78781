import { join, posix, relative, sep } from 'node:path'
import { isFunctionLikeDeclaration } from 'typescript/unstable/ast/is'
import { API } from 'typescript/unstable/sync'

/** What the checks need to know of one TypeScript file. Paths are relative to the root, with `/`. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly lineCount: number
  readonly imports: readonly Import[]
  readonly functions: readonly FunctionSpan[]
}

export interface Import {
  readonly specifier: string
  /** The file of this repository that it names, or null for a package from outside. */
  readonly target: string | null
  readonly line: number
}

export interface FunctionSpan {
  readonly line: number
  readonly lineCount: number
  /** The same less the lines of the functions inside. */
  readonly ownLineCount: number
}

type SourceFile = NonNullable<ReturnType<ReturnType<typeof openProgram>['program']['getSourceFile']>>
type SyntaxNode = SourceFile['statements'][number] | SourceFile['imports'][number]

/** Reads every file that `root/tsconfig.json` includes, with the compiler's own parser: type-only imports are seen as well. */
export function readSources(root: string): Source[] {
  const { api, program, rootFiles } = openProgram(root)
  try {
    return rootFiles.flatMap((file) => {
      const parsed = program.getSourceFile(file)
      return parsed ? [describe(parsed, root)] : []
    })
  } finally {
    api.close()
  }
}

/** Whether a file is there for tests alone: it is held to the size of a file, and may import what it likes. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|\/tests\//.test(path)
}

function openProgram(root: string) {
  const api = new API({ cwd: root })
  const [project] = api.updateSnapshot({ openProject: join(root, 'tsconfig.json') }).getProjects()
  if (!project) throw new Error(`Cannot read the sources: ${join(root, 'tsconfig.json')} opens no project`)
  return { api, program: project.program, rootFiles: project.rootFiles }
}

function describe(file: SourceFile, root: string): Source {
  const path = relative(root, file.fileName).split(sep).join('/')
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1
  const imports = file.imports.map((node) => {
    const specifier = file.text.slice(node.getStart(file) + 1, node.end - 1)
    return { specifier, target: targetOf(specifier, path), line: lineOf(node.getStart(file)) }
  })
  const functions = file.statements.flatMap((statement) => functionsIn(statement, file, lineOf))
  return { path, text: file.text, lineCount: lineOf(file.text.trimEnd().length), imports, functions }
}

/** `@bailiwick/kit/db` is the door of that area; a bare package is its own root door. */
function targetOf(specifier: string, from: string): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const [, workspace, area] = /^@bailiwick\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? []
  if (!workspace) return null
  return area ? `packages/${workspace}/src/${area}/index.ts` : `packages/${workspace}/src/index.ts`
}

function functionsIn(node: SyntaxNode, file: SourceFile, lineOf: (position: number) => number): FunctionSpan[] {
  const inner: FunctionSpan[] = []
  node.forEachChild((child) => {
    inner.push(...functionsIn(child, file, lineOf))
  })
  if (!isFunctionLikeDeclaration(node) || !node.body) return inner
  const line = lineOf(node.getStart(file))
  const lineCount = lineOf(node.end) - line + 1
  const innerLines = new Set(inner.flatMap((span) => Array.from({ length: span.lineCount }, (_, at) => span.line + at)))
  return [{ line, lineCount, ownLineCount: lineCount - innerLines.size }, ...inner]
}
