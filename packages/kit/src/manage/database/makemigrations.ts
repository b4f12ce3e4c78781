import { makeMigrations, unappliedMigrations } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { loadApps, migrationApps } from '../installed-app.ts'
import { withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export interface MakeMigrationsArguments {
  readonly dryRun?: boolean
  readonly check?: boolean
  readonly empty?: boolean
  readonly merge?: boolean
  readonly update?: boolean
  readonly name?: string
  readonly confirm?: boolean
  readonly scriptable?: boolean
  readonly verbosity: string
}

export async function makeProjectMigrations(
  project: Project,
  names: readonly string[],
  { scriptable = false, verbosity, ...options }: MakeMigrationsArguments,
): Promise<void> {
  if (options.merge && options.update) throw new CommandError('--merge and --update cannot be given together.')
  const apps = migrationApps(await loadApps(project))
  const unapplied = options.update ? await unappliedOf(project) : null
  const { exitCode, lines, migrations } = await makeMigrations({
    apps,
    names,
    ...options,
    ...(unapplied && { unapplied }),
  })
  if (scriptable) for (const { path } of migrations) console.log(path)
  else if (verbosity !== '0') for (const line of lines) console.log(line)
  if (options.dryRun && Number(verbosity) >= 3) {
    for (const { name, text } of migrations) console.log(`Full migrations file '${name}.ts':\n${text}`)
  }
  process.exitCode = exitCode
}

/** What a database has had cannot be changed any more: only this looks into it. */
function unappliedOf(project: Project): Promise<ReadonlySet<string>> {
  return withProject(project, toolSettings(project), async ({ apps, database }) => {
    return new Set(await unappliedMigrations(database, migrationApps(apps)))
  })
}
