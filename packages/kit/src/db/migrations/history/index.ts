export { assertConfirmed } from './assert-confirmed.ts'
export { hasInitialTables } from './fake-initial.ts'
export { loadMigrationFiles, loadMigrations } from './load-migrations.ts'
export type { LoadedMigration } from './loaded-migration.ts'
export { keyOf, type MigrationApp, USUAL_IMPORT } from './migration-app.ts'
export { MigrationGraph, statesOf } from './migration-graph.ts'
export { type MigrationHistory, readHistory } from './migration-history.ts'
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
export { ensureProgressTable, type Progress, readProgress } from './progress.ts'
export { type AppliedMigrations, ensureHistoryTable, readApplied, recordApplied, recordUnapplied } from './recorder.ts'
export { replacedKeys, resolveMigrations } from './resolve-migrations.ts'
export { operationChanges, runStep } from './run-step.ts'
