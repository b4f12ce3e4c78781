import type { Database } from '../../dialects/index.ts'
import { destinationOf, type MigrationApp, type MigrationTarget, planSteps, readHistory } from '../history/index.ts'

/**
 * The migrations that a database has not had, in the order in which they would be applied: `clients.0001_initial`. With a
 * target, those that lead to it, be it forwards or back.
 */
export async function unappliedMigrations(
  database: Database,
  apps: readonly MigrationApp[],
  target?: MigrationTarget,
): Promise<string[]> {
  const { graph, applied } = await readHistory({ dialect: database.dialect, executor: database }, apps)
  if (!target) return graph.ordered.filter(({ key }) => !applied.has(key)).map(({ key }) => key)
  return planSteps(graph, applied, destinationOf(graph, apps, target)).map(({ migration }) => migration.key)
}
