import type { DialectName } from '../../dialects/index.ts'
import { withReferences } from '../../fields/index.ts'
import type { CheckShape, ForeignKeyShape, GeneratedShape, IndexPart, IndexShape } from './shapes.ts'
import { quoteName } from './sql-text.ts'

/** The pieces of DDL that all three databases write alike. */
export interface Clauses {
  name(name: string): string
  names(names: readonly string[]): string
  parts(parts: readonly IndexPart[]): string
  createIndex(table: string, index: IndexShape): string
  references(key: ForeignKeyShape): string
  check(check: CheckShape): string
  /** What follows the type of a column that the database computes. */
  generated(shape: GeneratedShape): string
}

export function clausesOf(dialect: DialectName): Clauses {
  const name = (text: string): string => quoteName(text, dialect)
  const names = (list: readonly string[]): string => list.map(name).join(', ')
  const parts = (list: readonly IndexPart[]): string =>
    list
      .map(
        (part) =>
          `${part.expression === null ? name(part.column) : `(${part.expression})`}${part.isDescending ? ' desc' : ''}`,
      )
      .join(', ')
  return {
    name,
    names,
    parts,
    createIndex: (table, index) =>
      [
        `create ${index.isUnique ? 'unique ' : ''}index ${name(index.name)} on ${name(table)}`,
        ...(index.using === 'btree' ? [] : [`using ${index.using}`]),
        `(${parts(index.parts)})`,
        ...(index.include.length === 0 ? [] : [`include (${names(index.include)})`]),
        ...(index.where === null ? [] : [`where ${index.where}`]),
      ].join(' '),
    generated: ({ sql, hasReferences, isStored }) =>
      ` generated always as (${hasReferences ? withReferences(sql, name) : sql}) ${isStored ? 'stored' : 'virtual'}`,
    // No action on delete: the kit cascades and clears by itself, soft deletion included.
    references: (key) =>
      `foreign key (${names(key.columns)}) references ${name(key.targetTable)} (${names(key.targetColumns)})`,
    check: (check) => `constraint ${name(check.name)} check (${check.sql})`,
  }
}

/** The body of a `create table`, one part a line. */
export function tableBody(lines: readonly string[]): string {
  return `(\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`
}
