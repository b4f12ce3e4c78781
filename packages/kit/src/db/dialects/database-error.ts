/** What went wrong, in terms that are the same on every database. */
export type DatabaseErrorKind =
  | 'unique' // a unique key already has the value
  | 'foreign_key' // a row points to nothing, or is pointed to
  | 'not_null'
  | 'check'
  | 'invalid_value' // too long, out of range, or not of the column's type
  | 'conflict' // deadlock or serialization failure: the transaction may be tried again
  | 'unavailable' // no connection, shutting down, too busy, timed out
  | 'missing_table'
  | 'syntax'
  | 'other'

export interface DatabaseErrorDetails {
  readonly kind: DatabaseErrorKind
  /** The name of the unique key, foreign key or check, where the database tells it. */
  readonly constraint?: string
  readonly table?: string
  /** The columns named by the database (SQLite names the columns of a unique key instead of the key). */
  readonly columns?: readonly string[]
  readonly cause?: unknown
}

/** An error of the database, told by `kind`. Its message may hold stored values: it is for the log, never for a client. */
export class DatabaseError extends Error {
  readonly kind: DatabaseErrorKind
  readonly constraint: string | undefined
  readonly table: string | undefined
  readonly columns: readonly string[]

  constructor(message: string, details: DatabaseErrorDetails) {
    super(message, { cause: details.cause })
    this.name = 'DatabaseError'
    this.kind = details.kind
    this.constraint = details.constraint
    this.table = details.table
    this.columns = details.columns ?? []
  }
}
