import { MigrationError } from '../../db/index.ts'
import type { InstalledApp } from '../installed-app.ts'
import { unmigratedApps } from '../unmigrated-apps.ts'
import type { CheckMessage } from './check-message.ts'

/** Whether the migrations can be read, and lead to the models as they are. */
export async function checkMigrations(apps: readonly InstalledApp[]): Promise<CheckMessage[]> {
  try {
    const changed = await unmigratedApps(apps)
    return changed.map((app) => ({
      level: 'WARNING',
      id: 'migrations.W001',
      object: app,
      text: `The models of '${app}' have changes that are not yet reflected in a migration.`,
      hint: "Run 'node manage.ts makemigrations'.",
    }))
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error
    return [{ level: 'ERROR', id: 'migrations.E001', object: 'migrations', text: error.message }]
  }
}
