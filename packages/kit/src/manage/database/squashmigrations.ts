import { squashMigrations } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { loadApps, migrationApps } from '../installed-app.ts'
import type { Project } from '../project.ts'

export interface SquashArguments {
  readonly app: string
  /** The last migration, or the first and the last. */
  readonly names: readonly string[]
  readonly optimize?: boolean
  readonly squashedName?: string
}

export async function squashProjectMigrations(project: Project, given: SquashArguments): Promise<void> {
  const { app, names, optimize = true, squashedName } = given
  const [first = '', second] = names
  if (names.length > 2) throw new CommandError('squashmigrations takes an app and one or two names of migrations.')
  const apps = migrationApps(await loadApps(project))
  const { lines } = await squashMigrations({
    apps,
    app,
    optimize,
    ...(second === undefined ? { end: first } : { start: first, end: second }),
    ...(squashedName === undefined ? {} : { squashedName }),
  })
  for (const line of lines) console.log(line)
}
