export { type InspectDatabaseOptions, inspectDatabase } from './commands/inspect-database.ts'
export {
  type MadeMigration,
  type MakeMigrationsOptions,
  type MakeMigrationsOutcome,
  makeMigrations,
} from './commands/make-migrations.ts'
export { type MigrateOptions, type MigrateOutcome, migrate } from './commands/migrate.ts'
export { type PruneOptions, pruneMigrations } from './commands/prune-migrations.ts'
export { type ShowMigrationsOptions, showMigrations } from './commands/show-migrations.ts'
export { type SqlMigrateOptions, sqlMigrate } from './commands/sql-migrate.ts'
export { type SquashOptions, type SquashOutcome, squashMigrations } from './commands/squash-migrations.ts'
export { unappliedMigrations } from './commands/unapplied-migrations.ts'
export { createTables } from './create-tables.ts'
export { changedApps, detectChanges } from './detection/index.ts'
export {
  type AppliedMigrations,
  type LoadedMigration,
  loadMigrations,
  type MigrationApp,
  type MigrationGraph,
  type MigrationTarget,
  readApplied,
} from './history/index.ts'
export {
  inPlainTypes,
  introspect,
  type SchemaDifference,
  schemaDifferences,
  schemaHash,
  type TableFacts,
  wantedTables,
} from './introspection/index.ts'
export { type Migration, type MigrationOptions, type MigrationReference, migration } from './migration.ts'
export { MigrationError } from './migration-error.ts'
export {
  type AlterFieldOptions,
  addCheck,
  addField,
  addIndex,
  addUnique,
  alterCheck,
  alterField,
  alterModelTable,
  alterSoftDelete,
  alterTableOptions,
  alterVersion,
  type ConfirmOptions,
  type CreateModelOptions,
  createModel,
  deleteModel,
  type ElidableOptions,
  type FillOptions,
  type IndexSpec,
  type Operation,
  removeCheck,
  removeField,
  removeIndex,
  removeUnique,
  renameField,
  renameIndex,
  renameModel,
  runScript,
  runSql,
  type SeparateOptions,
  type SqlByDialect,
  separateDatabaseAndState,
  type TableOptions,
  type UniqueSpec,
} from './operations/index.ts'
export { ProjectState } from './project-state.ts'
export { type MigrationRisk, type MigrationRisksOptions, migrationRisks } from './safety/index.ts'
export { keyProblems, type MigrationScript, type ScriptContext } from './schema/index.ts'
export { roleProblems, type WallOptions as WallProblemOptions, wallProblems } from './wall-problems.ts'
