import type { TableShape } from './shapes.ts'
import type { TableChange } from './table-change.ts'

/** An index or a trigger that no model knows of, such as one made by `runSql`. */
export interface ForeignObject {
  readonly name: string
  readonly sql: string
}

/** The DDL of one database. Each statement runs by itself. */
export interface Grammar {
  createTable(shape: TableShape): string[]
  dropTable(shape: TableShape): string[]
  /** @param kept what has to be made anew if the table is */
  alterTable(change: TableChange, kept: readonly ForeignObject[]): string[]
}
