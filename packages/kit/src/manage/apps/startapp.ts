import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { namesOf } from './app-names.ts'
import { appFiles } from './app-templates.ts'
import { addInstalledApp, addRouter } from './register-app.ts'

export interface StartAppArguments {
  readonly name: string
  readonly directory: string | undefined
}

/** Names that the kit, the API or the tools use themselves. */
const TAKEN = ['kit', 'api', 'admin', 'core', 'health', 'schema', 'docs', 'redoc', 'test']

/** Writes a working app and puts it into `core/settings.ts` and `core/urls.ts`. @throws {CommandError} in Django's words */
export async function startApp(project: Project, { name, directory }: StartAppArguments): Promise<void> {
  const home = join(project.root, 'apps', name)
  assertName(project, name)
  assertPlace(home, directory)
  const files = Object.entries(appFiles(namesOf(name))).map(([path, text]) => ({ path: join(home, path), text }))
  const existing = files.find(({ path }) => existsSync(path))
  if (existing) {
    throw new CommandError(
      `'${existing.path}' already exists. Overlaying an app into an existing directory won't replace conflicting files.`,
    )
  }
  // Both are worked out before anything is written, so that a file that cannot be edited leaves nothing half done.
  const edits = [
    await edited(join(project.root, 'core/settings.ts'), (source) => addInstalledApp(source, name)),
    await edited(join(project.root, 'core/urls.ts'), (source) => addRouter(source, name)),
  ]
  for (const { path, text } of [...files, ...edits]) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  const shown = relative(process.cwd(), home) || '.'
  console.log(`Created the app '${name}' in ${shown} and registered it in core/settings.ts and core/urls.ts.`)
  console.log("Now run 'node manage.ts makemigrations' and 'node manage.ts migrate'.")
}

function assertName({ installedApps }: Project, name: string): void {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new CommandError(
      `'${name}' is not a valid app name. Please make sure the name is a valid identifier: small letters, digits and single underscores.`,
    )
  }
  if (TAKEN.includes(name)) {
    throw new CommandError(`'${name}' conflicts with a name that the kit uses. Please try another name.`)
  }
  if (installedApps.includes(name)) {
    throw new CommandError(
      `'${name}' conflicts with the name of an existing app and cannot be used as an app name. Please try another name.`,
    )
  }
}

/** Apps are found by their place, so there is only one for each. It may be named as seen from here or from the project. */
function assertPlace(home: string, directory: string | undefined): void {
  if (directory === undefined) return
  const root = dirname(dirname(home))
  if (resolve(directory) === home || resolve(root, directory) === home) return
  throw new CommandError(`Cannot create the app in '${directory}': its place is ${relative(process.cwd(), home)}.`)
}

async function edited(path: string, edit: (source: string) => string | null) {
  const source = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(`Cannot register the app: there is no ${path}.`)
  })
  const text = edit(source)
  if (text === null) throw new CommandError(`Cannot register the app: ${path} has no list to add it to.`)
  return { path, text }
}
