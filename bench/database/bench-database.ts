/** A column that is loaded, with its type where the database asks for it. */
export interface LoadedColumn {
  readonly name: string
  /** As PostgreSQL calls it; SQLite needs none. */
  readonly type: 'uuid' | 'text' | 'numeric' | 'jsonb' | 'date' | 'timestamptz' | 'boolean'
}

export type LoadedValue = string | boolean | null

/** The database of one run, made for it. */
export interface BenchDatabase {
  readonly name: 'postgresql' | 'sqlite'
  /** As `DATABASE_URL` has it. */
  readonly url: string
  /** The same for whom row-level security does not bind. */
  readonly adminUrl: string
  version(): Promise<string>
  /** Adds rows, as fast as the database takes them. */
  load(table: string, columns: readonly LoadedColumn[], rows: readonly (readonly LoadedValue[])[]): Promise<void>
  /** Deletes the rows created after the moment, in ISO 8601. */
  deleteCreatedAfter(table: string, moment: string): Promise<void>
  /** Has the database look at its rows, so that it plans well and reads as after a quiet hour. */
  settle(): Promise<void>
  close(): Promise<void>
  /** Closes it and leaves nothing behind. */
  drop(): Promise<void>
}
