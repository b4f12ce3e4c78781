import { showMigrations } from '../../db/index.ts'
import { migrationApps } from '../installed-app.ts'
import { withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export interface ShowMigrationsArguments {
  readonly plan?: boolean
  readonly verbosity: string
}

export async function showProjectMigrations(
  project: Project,
  names: readonly string[],
  { plan = false, verbosity }: ShowMigrationsArguments,
): Promise<void> {
  await withProject(project, toolSettings(project), async ({ apps, database }) => {
    const format = plan ? 'plan' : 'list'
    const shown = { database, apps: migrationApps(apps), names, format, verbosity: Number(verbosity) } as const
    for (const line of await showMigrations(shown)) console.log(line)
  })
}
