import type { DialectAdapter, QueryCompiler } from 'kysely'
import type { BusinessReach } from './business-reach.ts'

/** The databases that every model, query and migration runs on. MariaDB is spoken to as `mysql`. */
export type DialectName = 'sqlite' | 'postgresql' | 'mysql'

/** What may be bound to a statement, already in the form that the database takes. */
export type DriverValue = string | number | bigint | null | Uint8Array

/**
 * What a column of a result holds: on PostgreSQL always the text that the server sent; on SQLite the stored value
 * (numbers above 2^53 come as `bigint`); on MySQL numbers for the small integer and float types, text for the rest.
 */
export type RawValue = string | number | bigint | null | Uint8Array

/** A statement in the dialect's own SQL. Statements of one `name` have one text: they are prepared under it. */
export interface Statement {
  readonly sql: string
  /** Unset: the statement is not kept prepared (DDL, `BEGIN`, one-off text). At most 63 bytes. */
  readonly name?: string
  /** What it is about, for the log. */
  readonly subject?: StatementSubject
}

export interface StatementSubject {
  /** The model that it reads or writes: `clients.Client`. */
  readonly model: string
  /** Where it reads by one key: the relations over which its rows could have been read along with others. */
  readonly relations: readonly { readonly from: string; readonly name: string }[]
}

export interface BoundStatement {
  readonly statement: Statement
  readonly params: readonly DriverValue[]
  /** Whose rows it may touch, as with `within`. */
  readonly business?: BusinessReach
}

/** A result column: its name, and the type in the database's own terms (PostgreSQL: the type's OID as text; SQLite: the declared type, if the column comes from a table; MySQL: the protocol's type name). */
export interface ColumnInfo {
  readonly name: string
  readonly type: string | null
  /** Where the column comes from, on SQLite and MySQL: their types tell less than the model does. */
  readonly source?: { readonly table: string; readonly column: string }
}

export interface Outcome {
  /** Rows as arrays, in the order of `columns`. */
  readonly rows: RawValue[][]
  readonly columns: readonly ColumnInfo[]
  /** Rows that an insert, update or delete matched; 0 otherwise. */
  readonly affected: number
  /** The number that an auto-increment column took, on SQLite and MySQL. */
  readonly insertId: bigint | null
}

export interface Executor {
  execute(statement: Statement, params?: readonly DriverValue[]): Promise<Outcome>
  /**
   * Runs the statements in order as one unit: all or nothing. On PostgreSQL they share one round trip
   * (one `Sync`, so one implicit transaction outside an explicit one).
   */
  pipeline(items: readonly BoundStatement[]): Promise<Outcome[]>
  /**
   * The same place to run statements, for rows of that reach. A database with row-level security shows no row of any
   * business to what is not run within one. The others have the wall alone, and give this very object back.
   */
  within(business: BusinessReach): Executor
}

export const ISOLATIONS = ['read committed', 'repeatable read', 'serializable'] as const

/** How much a transaction sees of what others commit meanwhile, by the names of the SQL standard. */
export type Isolation = (typeof ISOLATIONS)[number]

export interface BeginOptions {
  /** Read committed unless it says otherwise. On SQLite every transaction is serializable: there is one writer. */
  readonly isolation?: Isolation
}

/** One open transaction. Every call after `commit` or `rollback` throws. */
export interface Transaction extends Executor {
  savepoint(name: string): Promise<void>
  release(name: string): Promise<void>
  rollbackTo(name: string): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** One connection held outside a transaction, for locks that live as long as the connection. */
export interface Session extends Executor {
  begin(): Promise<Transaction>
  release(): Promise<void>
}

export interface Database extends Executor {
  readonly dialect: DialectName
  /** The server's version and flavour, such as `15.2`, `10.11.6-MariaDB`, `3.50.4`. */
  readonly version: string
  /** Whether a failed migration leaves nothing behind: DDL is rolled back with its transaction. */
  readonly hasTransactionalDdl: boolean
  begin(options?: BeginOptions): Promise<Transaction>
  session(): Promise<Session>
  /** Answers when the database does, within a second or not at all. @throws {DatabaseError} of kind `unavailable` */
  ping(): Promise<void>
  close(): Promise<void>
  /** Kysely's parts for this database, used to compile SQL. */
  createQueryCompiler(): QueryCompiler
  createAdapter(): DialectAdapter
}

export const DEFAULT_POOL_TIMEOUT_MS = 1000

export interface DatabaseOptions {
  readonly dialect: DialectName
  /** A file path on SQLite; the database's name elsewhere. */
  readonly name: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  /** Connections at the most, on PostgreSQL and MySQL. */
  readonly poolSize?: number
  /** How long a statement waits for one of them to come free. A second by default. */
  readonly poolTimeoutMs?: number
  /** Whether PostgreSQL is told whose rows each statement may touch. On unless it is false. */
  readonly rowSecurity?: boolean
}
