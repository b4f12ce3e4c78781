import { sqlMigrate } from '../../db/index.ts'
import { loadApps, migrationApps } from '../installed-app.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import type { PrintedDialect, SqlMigrateArguments } from './sql-dialects.ts'

export async function printMigrationSql(project: Project, given: SqlMigrateArguments): Promise<void> {
  const { app, name, backwards = false } = given
  const dialect = given.dialect ?? settingsDialect(project)
  const spoken = dialect === 'mariadb' ? 'mysql' : dialect
  const apps = migrationApps(await loadApps(project))
  // MariaDB tells itself apart from MySQL by its version alone.
  const version = dialect === 'mariadb' ? 'MariaDB' : ''
  for (const line of await sqlMigrate({ dialect: spoken, version, apps, app, name, backwards })) console.log(line)
}

/** Settings do not tell MySQL from MariaDB, which is what the kit is tried on. */
function settingsDialect(project: Project): PrintedDialect {
  const { dialect } = toolSettings(project).database
  return dialect === 'mysql' ? 'mariadb' : dialect
}
