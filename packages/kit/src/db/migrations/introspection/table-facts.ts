import type { RowSecurityFacts } from './row-security-facts.ts'

/** A table as a database says that it is. Everything is sorted by name, so that two can be compared. */
export interface TableFacts {
  readonly name: string
  readonly columns: readonly ColumnFacts[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly IndexFacts[]
  readonly foreignKeys: readonly ForeignKeyFacts[]
  readonly checks: readonly CheckFacts[]
  /** On PostgreSQL alone. */
  readonly rowSecurity: RowSecurityFacts
}

export interface ColumnFacts {
  readonly name: string
  /** In the database's own words. */
  readonly type: string
  readonly isNullable: boolean
}

export interface IndexFacts {
  readonly name: string
  readonly isUnique: boolean
  /** Which rows it covers: `alive` are those that are not deleted, `some` those that meet a condition of any other kind. */
  readonly rows: 'all' | 'alive' | 'some'
  /** `-created_at` sorts downwards, `+name` is only kept along, `()` is an expression. */
  readonly columns: readonly string[]
  /** How it finds values: `btree`, or `gin` on PostgreSQL. */
  readonly using: string
}

export interface CheckFacts {
  readonly name: string
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[]
  readonly targetTable: string
  readonly targetColumns: readonly string[]
}

export const byName = <Named extends { readonly name: string }>(named: readonly Named[]): Named[] =>
  named.toSorted((left, right) => (left.name < right.name ? -1 : 1))

export const byColumns = (keys: readonly ForeignKeyFacts[]): ForeignKeyFacts[] =>
  keys.toSorted((left, right) => (left.columns.join() < right.columns.join() ? -1 : 1))
