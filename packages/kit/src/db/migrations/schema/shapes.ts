import type { IndexMethod, RowFormat } from '../../models/index.ts'
import type { RowPolicy } from './row-policy.ts'

/** A table as one database keeps it: made from a model, compared with another of its points in time, printed as DDL. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly IndexShape[]
  readonly foreignKeys: readonly ForeignKeyShape[]
  readonly checks: readonly CheckShape[]
  readonly comment: string | null
  readonly rowFormat: RowFormat
  /** On PostgreSQL, what holds the rows of businesses apart. */
  readonly rowPolicy: RowPolicy | null
}

export interface ColumnShape {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  /** Whether the database counts it up by itself. */
  readonly isCounted: boolean
  readonly generatedAs: GeneratedShape | null
}

/** What the database computes a column from. */
export interface GeneratedShape {
  readonly sql: string
  /** Whether columns stand in braces in it, and nothing else does. */
  readonly hasReferences: boolean
  readonly isStored: boolean
}

export interface IndexShape {
  readonly name: string
  readonly parts: readonly IndexPart[]
  readonly isUnique: boolean
  /** The condition of a partial index. */
  readonly where: string | null
  readonly include: readonly string[]
  readonly using: IndexMethod
}

export interface IndexPart {
  readonly column: string
  readonly isDescending: boolean
  /** SQL that stands for the column, which is then empty. */
  readonly expression: string | null
}

export interface CheckShape {
  readonly name: string
  /** The condition that every row meets. */
  readonly sql: string
}

export interface ForeignKeyShape {
  readonly name: string
  readonly columns: readonly string[]
  readonly targetTable: string
  readonly targetColumns: readonly string[]
}
