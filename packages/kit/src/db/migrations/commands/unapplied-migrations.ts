import type { Database } from '../../dialects/index.ts'
import { loadMigrations, type MigrationApp, readApplied } from '../history/index.ts'

/** The migrations that a database has not had, in the order in which they would be applied: `clients.0001_initial`. */
export async function unappliedMigrations(database: Database, apps: readonly MigrationApp[]): Promise<string[]> {
  const graph = await loadMigrations(apps)
  const applied = await readApplied(database, database.dialect)
  return graph.ordered.filter(({ key }) => !applied.has(key)).map(({ key }) => key)
}
