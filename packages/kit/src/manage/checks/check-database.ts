import { roleProblems, schemaDifferences, unappliedMigrations } from '../../db/index.ts'
import { type InstalledApp, migrationApps, modelsOf } from '../installed-app.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import type { CheckMessage } from './check-message.ts'
import { checkOutbox } from './check-outbox.ts'

/** Whether the database has had every migration, and its tables are what the models want. */
export async function checkDatabase(project: Project, apps: readonly InstalledApp[]): Promise<CheckMessage[]> {
  const settings = toolSettings(project)
  return withProject(project, settings, async ({ database, store }) => {
    const unapplied = await unappliedMigrations(database, migrationApps(apps))
    const missing = unapplied.map(
      (key): CheckMessage => ({
        level: 'WARNING',
        id: 'database.W901',
        object: key,
        text: 'The database has not had this migration.',
        hint: "Run 'node manage.ts migrate'.",
      }),
    )
    const differences = await schemaDifferences(database, database.dialect, modelsOf(apps))
    const roles = await roleProblems(database, settings.database.rowSecurity ?? true)
    return [
      ...(await checkOutbox(commandContext(store), unapplied)),
      ...missing,
      ...roles.map((text): CheckMessage => ({ level: 'ERROR', id: 'database.E902', object: 'DATABASE_URL', text })),
      ...differences.map(
        ({ table, text, isExtra }): CheckMessage =>
          isExtra
            ? { level: 'INFO', id: 'database.I901', object: table, text }
            : { level: 'ERROR', id: 'database.E901', object: table, text },
      ),
    ]
  })
}
