export { type BusinessReach, EVERY_BUSINESS } from './business-reach.ts'
export { DatabaseError, type DatabaseErrorDetails, type DatabaseErrorKind } from './database-error.ts'
export {
  type BeginOptions,
  type BoundStatement,
  type ColumnInfo,
  type Database,
  type DatabaseOptions,
  type DialectName,
  type DriverValue,
  type Executor,
  ISOLATIONS,
  type Isolation,
  type Outcome,
  type RawValue,
  type Session,
  type Statement,
  type StatementSubject,
  type Transaction,
} from './dialect.ts'
export { openDatabase } from './open-database.ts'
export { exactSum, sortableSum } from './sqlite/exact-functions.ts'
export { isReadingStatement, isSchemaStatement, isWritingStatement } from './statement-verb.ts'

export { type TestDatabase, type TestDatabaseSource, testDatabases } from './throwaway-database.ts'
