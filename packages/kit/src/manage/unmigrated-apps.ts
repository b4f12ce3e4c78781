import { changedApps, loadMigrations, ProjectState } from '../db/index.ts'
import { type InstalledApp, migrationApps, modelsOf } from './installed-app.ts'

/** The apps whose models have changed since their last migration. @throws {MigrationError} if the migrations are not sound */
export async function unmigratedApps(apps: readonly InstalledApp[]): Promise<string[]> {
  const graph = await loadMigrations(migrationApps(apps))
  graph.assertNoConflicts()
  return changedApps(graph.stateOf(), new ProjectState(modelsOf(apps)))
}
