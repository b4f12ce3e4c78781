import { makeMigrations } from '../../db/index.ts'
import { loadApps, migrationApps } from '../installed-app.ts'
import type { Project } from '../project.ts'

export interface MakeMigrationsArguments {
  readonly dryRun?: boolean
  readonly check?: boolean
  readonly empty?: boolean
  readonly name?: string
  readonly confirm?: boolean
  readonly scriptable?: boolean
}

export async function makeProjectMigrations(
  project: Project,
  names: readonly string[],
  { scriptable = false, ...options }: MakeMigrationsArguments,
): Promise<void> {
  const apps = migrationApps(await loadApps(project))
  const { exitCode, lines, migrations } = await makeMigrations({ apps, names, ...options })
  const shown = scriptable ? migrations.map(({ path }) => path) : lines
  for (const line of shown) console.log(line)
  process.exitCode = exitCode
}
