import type { Database, Executor } from '../../dialects/index.ts'
import { loadMigrationFiles } from './load-migrations.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import type { MigrationApp } from './migration-app.ts'
import { MigrationGraph } from './migration-graph.ts'
import { type AppliedMigrations, readApplied } from './recorder.ts'
import { appliedInForce, resolveMigrations } from './resolve-migrations.ts'

/** The migrations of a project against what one database has had of them. */
export interface MigrationHistory {
  /** Those in force. */
  readonly graph: MigrationGraph
  /** What the database has had of those. */
  readonly applied: AppliedMigrations
  /** What is noted in the database, whether there is a file of it or not. */
  readonly recorded: AppliedMigrations
  /** Every migration that has a file. */
  readonly files: readonly LoadedMigration[]
}

export async function readHistory(
  { dialect, executor }: { readonly dialect: Database['dialect']; readonly executor: Executor },
  apps: readonly MigrationApp[],
): Promise<MigrationHistory> {
  const files = await loadMigrationFiles(apps)
  const recorded = await readApplied(executor, dialect)
  const inForce = resolveMigrations(files, (key) => recorded.has(key))
  return { graph: new MigrationGraph(inForce), applied: appliedInForce(inForce, recorded), recorded, files }
}
