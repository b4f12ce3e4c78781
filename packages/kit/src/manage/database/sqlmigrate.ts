import { sqlMigrate } from '../../db/index.ts'
import { migrationApps } from '../installed-app.ts'
import { withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export interface SqlMigrateArguments {
  readonly app: string
  readonly name: string
  readonly backwards: boolean
}

/** Opens the database, since the SQL depends on the server's version. */
export async function printMigrationSql(project: Project, migration: SqlMigrateArguments): Promise<void> {
  await withProject(project, toolSettings(project), async ({ apps, database: { dialect, version } }) => {
    for (const line of await sqlMigrate({ dialect, version, apps: migrationApps(apps), ...migration }))
      console.log(line)
  })
}
