import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const BACKEND = resolve(import.meta.dirname, '..')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
}

/** `node manage.ts` in a folder of its own, with a SQLite database of its own and nothing else in its environment. */
export class ManageProcess {
  readonly folder: string
  /** The folder of `manage.ts`. */
  readonly root: string

  private constructor(folder: string, root: string) {
    this.folder = folder
    this.root = root
  }

  /** Runs this very project. */
  static async here(): Promise<ManageProcess> {
    return new ManageProcess(await mkdtemp(join(tmpdir(), 'bailiwick-manage-')), BACKEND)
  }

  /** Runs a copy of the project, which may be changed. */
  static async copy(): Promise<ManageProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-manage-'))
    const root = join(folder, 'backend')
    await cp(BACKEND, root, { recursive: true, filter: (path) => !/[\\/](?:var|node_modules|tests|\.env)$/.test(path) })
    await mkdir(join(folder, 'node_modules/@bailiwick'), { recursive: true })
    await symlink(resolve(BACKEND, '../packages/kit'), join(folder, 'node_modules/@bailiwick/kit'))
    return new ManageProcess(folder, root)
  }

  async run(given: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const child = this.start(given, options)
    child.stdin?.end(options.input ?? '')
    const output = collect(child)
    const [code] = await once(child, 'close')
    return { code, ...output() }
  }

  start(given: readonly string[], { environment = {} }: RunOptions = {}): ChildProcess {
    const { PATH = '', HOME = '', TMPDIR = '' } = process.env
    const base = { PATH, HOME, ...(TMPDIR && { TMPDIR }), DEBUG: 'true', LOG_LEVEL: 'warn', PORT: '0' }
    const flags = ['--disable-warning=ExperimentalWarning']
    return spawn(process.execPath, [...flags, join(this.root, 'manage.ts'), ...given], {
      cwd: this.root,
      env: { ...base, DB_NAME: join(this.folder, 'db.sqlite3'), ...environment },
    })
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Settles with the first match in what the process prints. @throws {Error} with all of it, if it ends before */
export function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
  let text = ''
  const look = (chunk: Buffer): void => {
    text += chunk
    const found = pattern.exec(text)
    if (found) resolve(found)
  }
  child.stdout?.on('data', look)
  child.stderr?.on('data', look)
  child.once('close', () => reject(new Error(`The process ended before it printed ${pattern}:\n${text}`)))
  return promise
}

/** Tells a process to stop, and gives how it ended. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  child.kill(signal)
  const [code] = await once(child, 'close')
  return code
}

function collect(child: ChildProcess): () => Omit<Ended, 'code'> {
  const chunks = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      chunks[name] += chunk
    })
  }
  return () => chunks
}
