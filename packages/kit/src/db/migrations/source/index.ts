export { type MigrationSourceOptions, migrationSource } from './migration-source.ts'
