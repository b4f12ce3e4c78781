export { type MigrationRisk, type MigrationRisksOptions, migrationRisks } from './migration-risks.ts'
