import { withReferences } from '../../fields/index.ts'
import type { CheckShape, ColumnShape, ForeignKeyShape, GeneratedShape, IndexShape, TableShape } from './shapes.ts'

/** One table before and after. */
export interface TableChange {
  readonly from: TableShape
  readonly to: TableShape
  /** The new names of columns by their old ones. */
  readonly renamed: ReadonlyMap<string, string>
  /** SQL literals by column, for rows that have no value where one is needed. */
  readonly fills: ReadonlyMap<string, string>
}

interface Pair<Part> {
  readonly from: Part
  readonly to: Part
}

/** What has to be done to a table, part by part. The parts that go are told by their new names where they were renamed. */
export interface TableDifference {
  readonly renamedColumns: readonly (readonly [string, string])[]
  readonly addedColumns: readonly ColumnShape[]
  readonly droppedColumns: readonly ColumnShape[]
  readonly alteredColumns: readonly Pair<ColumnShape>[]
  readonly renamedIndexes: readonly Pair<IndexShape>[]
  readonly addedIndexes: readonly IndexShape[]
  readonly droppedIndexes: readonly IndexShape[]
  /** Indexes that keep their name and not their make. */
  readonly replacedIndexes: readonly IndexShape[]
  readonly renamedForeignKeys: readonly Pair<ForeignKeyShape>[]
  readonly addedForeignKeys: readonly ForeignKeyShape[]
  readonly droppedForeignKeys: readonly ForeignKeyShape[]
  readonly renamedChecks: readonly Pair<CheckShape>[]
  readonly addedChecks: readonly CheckShape[]
  readonly droppedChecks: readonly CheckShape[]
}

interface DifferenceOptions {
  /** Whether the database itself changes names inside conditions and expressions. MySQL does not. */
  readonly renamesInSql: boolean
}

export function tableDifference(
  change: TableChange,
  options: DifferenceOptions = { renamesInSql: true },
): TableDifference {
  const { to } = change
  const from = withNewNames(change, options)
  const columns = compared(from.columns, to.columns)
  const indexes = compared(from.indexes, to.indexes)
  const foreignKeys = compared(from.foreignKeys, to.foreignKeys)
  const renamedIndexes = renames(indexes)
  const renamedKeys = renames(foreignKeys)
  const checks = compared(from.checks, to.checks)
  const renamedChecks = renames(checks)
  const byGenerated = (left: ColumnShape, right: ColumnShape): number =>
    Number(right.generatedAs !== null) - Number(left.generatedAs !== null)
  return {
    renamedColumns: [...change.renamed].filter(([before, after]) => before !== after),
    addedColumns: columns.added,
    droppedColumns: columns.dropped.sort(byGenerated),
    alteredColumns: columns.altered,
    renamedIndexes: renamedIndexes.renamed,
    addedIndexes: renamedIndexes.added,
    droppedIndexes: renamedIndexes.dropped,
    replacedIndexes: indexes.altered.map((pair) => pair.to),
    renamedForeignKeys: renamedKeys.renamed,
    // A foreign key that only points elsewhere keeps its name.
    addedForeignKeys: [...renamedKeys.added, ...foreignKeys.altered.map((pair) => pair.to)],
    droppedForeignKeys: [...renamedKeys.dropped, ...foreignKeys.altered.map((pair) => pair.from)],
    renamedChecks: renamedChecks.renamed,
    addedChecks: [...renamedChecks.added, ...checks.altered.map((pair) => pair.to)],
    droppedChecks: [...renamedChecks.dropped, ...checks.altered.map((pair) => pair.from)],
  }
}

/** The table before, with its columns under their new names. */
function withNewNames({ from, to, renamed }: TableChange, { renamesInSql }: DifferenceOptions): TableShape {
  const nameOf = (column: string): string => renamed.get(column) ?? column
  const inSql = (sql: string): string => (renamesInSql ? withRenamedColumns(sql, renamed) : sql)
  const inSqlOrNull = (sql: string | null): string | null => (sql === null ? null : inSql(sql))
  const inGenerated = ({ sql, hasReferences }: GeneratedShape): string =>
    hasReferences && renamesInSql ? withReferences(sql, (name) => `{${nameOf(name)}}`) : inSql(sql)
  return {
    ...from,
    name: to.name,
    rowPolicy: from.rowPolicy,
    primaryKey: from.primaryKey.map(nameOf),
    columns: from.columns.map((column) => ({
      ...column,
      name: nameOf(column.name),
      generatedAs: column.generatedAs && { ...column.generatedAs, sql: inGenerated(column.generatedAs) },
    })),
    indexes: from.indexes.map((index) => ({
      ...index,
      parts: index.parts.map((part) => ({
        ...part,
        column: nameOf(part.column),
        expression: inSqlOrNull(part.expression),
      })),
      include: index.include.map(nameOf),
      where: inSqlOrNull(index.where),
    })),
    checks: from.checks.map((check) => ({ ...check, sql: inSql(check.sql) })),
    foreignKeys: from.foreignKeys.map((key) => ({
      ...key,
      columns: key.columns.map(nameOf),
      targetTable: key.targetTable === from.name ? to.name : key.targetTable,
    })),
  }
}

/** SQL in which columns have got other names. */
function withRenamedColumns(sql: string, renamed: ReadonlyMap<string, string>): string {
  return sql.replace(/\w+/g, (word) => renamed.get(word) ?? word)
}

interface Compared<Part> {
  readonly added: Part[]
  readonly dropped: Part[]
  readonly altered: Pair<Part>[]
}

function compared<Part extends { readonly name: string }>(from: readonly Part[], to: readonly Part[]): Compared<Part> {
  const before = new Map(from.map((part) => [part.name, part]))
  const after = new Set(to.map((part) => part.name))
  return {
    added: to.filter((part) => !before.has(part.name)),
    dropped: from.filter((part) => !after.has(part.name)),
    altered: to.flatMap((part) => {
      const old = before.get(part.name)
      return old && JSON.stringify(old) !== JSON.stringify(part) ? [{ from: old, to: part }] : []
    }),
  }
}

interface Renames<Part> {
  readonly renamed: Pair<Part>[]
  readonly added: Part[]
  readonly dropped: Part[]
}

/** What is dropped and added with the same make has only got another name. */
function renames<Part extends { readonly name: string }>({ added, dropped }: Compared<Part>): Renames<Part> {
  const left = [...dropped]
  const renamed = added.flatMap((to) => {
    const position = left.findIndex((from) => isSameMake(from, to))
    const [from] = position < 0 ? [] : left.splice(position, 1)
    return from ? [{ from, to }] : []
  })
  const isRenamed = new Set(renamed.map((pair) => pair.to))
  return { renamed, added: added.filter((part) => !isRenamed.has(part)), dropped: left }
}

const isSameMake = (left: object, right: object): boolean =>
  JSON.stringify({ ...left, name: '' }) === JSON.stringify({ ...right, name: '' })
