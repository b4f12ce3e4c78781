export { DatabaseError, type DatabaseErrorDetails, type DatabaseErrorKind } from './database-error.ts'
export type {
  BoundStatement,
  ColumnInfo,
  Database,
  DatabaseOptions,
  DialectName,
  DriverValue,
  Executor,
  Outcome,
  RawValue,
  Session,
  Statement,
  Transaction,
} from './dialect.ts'
export { openDatabase } from './open-database.ts'
export { type TestDatabase, type TestDatabaseSource, testDatabases } from './throwaway-database.ts'
