export { loadMigrations } from './load-migrations.ts'
export type { LoadedMigration } from './loaded-migration.ts'
export { keyOf, type MigrationApp, USUAL_IMPORT } from './migration-app.ts'
export { MigrationGraph } from './migration-graph.ts'
export { type LockOptions, withMigrationLock } from './migration-lock.ts'
export {
  assertApps,
  assertConsistentHistory,
  type Destination,
  destinationOf,
  type MigrationStep,
  type MigrationTarget,
  migrationByPrefix,
  planSteps,
} from './plan-steps.ts'
export { type AppliedMigrations, ensureHistoryTable, HISTORY_TABLE, readApplied } from './recorder.ts'
export { operationChanges, runStep } from './run-step.ts'
