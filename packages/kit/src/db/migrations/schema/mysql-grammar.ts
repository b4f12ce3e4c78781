import { clausesOf, tableBody } from './clauses.ts'
import type { Grammar } from './grammar.ts'
import { isHidden } from './index-shapes.ts'
import type { ColumnShape, IndexShape, TableShape } from './shapes.ts'
import { literal } from './sql-text.ts'
import { type TableChange, type TableDifference, tableDifference } from './table-change.ts'

const { name, names, parts, references, check, generated } = clausesOf('mysql')

/** @param version as the server tells it, since MariaDB names its collations differently */
export function mysqlGrammar(version: string): Grammar {
  // Texts are compared by code point, spaces at the end included, as on the other databases.
  const collation = /mariadb/i.test(version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'
  const tableOptions = (shape: TableShape): string =>
    `engine=InnoDB row_format=${shape.rowFormat} default charset=utf8mb4 collate=${collation}${shape.comment === null ? '' : ` ${commentOption(shape)}`}`
  return {
    createTable: (shape) => [`create table ${name(shape.name)} ${createBody(shape)} ${tableOptions(shape)}`],
    dropTable: (shape) => [`drop table ${name(shape.name)}`],
    alterTable,
  }
}

/** Keys stand in the table's own statement: one statement either happens or does not, and no transaction covers two. */
function createBody(shape: TableShape): string {
  return tableBody([
    ...shape.columns.map((column) => columnClause(column)),
    `primary key (${names(shape.primaryKey)})`,
    ...shape.indexes.map(indexClause),
    ...shape.foreignKeys.map((key) => `constraint ${name(key.name)} ${references(key)}`),
    ...shape.checks.map(check),
  ])
}

const commentOption = ({ comment }: TableShape): string => `comment=${literal(comment ?? '')}`

/**
 * New indexes come before old ones go: a foreign key is never without one, which MySQL would refuse. Only what is
 * computed from columns goes first, as MySQL renames and changes no column that something is computed from.
 */
function alterTable(change: TableChange): string[] {
  const difference = tableDifference(change, { renamesInSql: false })
  const { from, to } = change
  const alter = `alter table ${name(to.name)}`
  const renamedKeys = difference.renamedForeignKeys
  const remade = difference.alteredColumns.flatMap((pair) => (pair.to.generatedAs ? [pair.to] : []))
  const isComputed = (index: IndexShape): boolean => usesOneOf(index, remade)
  const remadeIndexes = keptIndexes(change, difference).filter(isComputed)
  const dropped = Object.groupBy(difference.droppedIndexes, (index) => (isComputed(index) ? 'early' : 'late'))
  const computed = new Set(from.indexes.filter(isComputed).map((index) => index.name))
  const replaced = Object.groupBy(difference.replacedIndexes, ({ name: key }) => (computed.has(key) ? 'early' : 'late'))
  const droppedColumns = Object.groupBy(difference.droppedColumns, (column) => (column.generatedAs ? 'early' : 'late'))
  const dropIndex = (index: IndexShape): string => `${alter} drop index ${name(index.name)}`
  const dropColumn = (column: ColumnShape): string => `${alter} drop column ${name(column.name)}`
  return [
    ...(from.name === to.name ? [] : [`rename table ${name(from.name)} to ${name(to.name)}`]),
    ...[...difference.droppedForeignKeys, ...renamedKeys.map((pair) => pair.from)].map(
      (key) => `${alter} drop foreign key ${name(key.name)}`,
    ),
    ...[...difference.droppedChecks, ...difference.renamedChecks.map((pair) => pair.from)].map(
      (part) => `${alter} drop constraint ${name(part.name)}`,
    ),
    ...[...(dropped.early ?? []), ...(replaced.early ?? []), ...remadeIndexes].map(dropIndex),
    ...[...(droppedColumns.early ?? []), ...remade].map(dropColumn),
    ...difference.renamedColumns.map(([before, after]) => `${alter} rename column ${name(before)} to ${name(after)}`),
    ...difference.renamedIndexes.map(
      (pair) => `${alter} rename index ${name(pair.from.name)} to ${name(pair.to.name)}`,
    ),
    ...[...difference.addedColumns, ...remade].flatMap((column) => addColumn(change, column)),
    ...difference.alteredColumns.flatMap((pair) => alterColumn(change, pair)),
    ...[...difference.addedIndexes, ...(replaced.early ?? []), ...remadeIndexes].map(
      (index) => `${alter} add ${indexClause(index)}`,
    ),
    ...(dropped.late ?? []).map(dropIndex),
    ...(replaced.late ?? []).map((index) => `${alter} drop index ${name(index.name)}, add ${indexClause(index)}`),
    ...(droppedColumns.late ?? []).map(dropColumn),
    ...[...renamedKeys.map((pair) => pair.to), ...difference.addedForeignKeys].map(
      (key) => `${alter} add constraint ${name(key.name)} ${references(key)}`,
    ),
    ...[...difference.renamedChecks.map((pair) => pair.to), ...difference.addedChecks].map(
      (part) => `${alter} add ${check(part)}`,
    ),
    ...changedOptions(change).map((option) => `${alter} ${option}`),
  ]
}

/** Whether an index has a hidden column, or one of these. */
function usesOneOf(index: IndexShape, columns: readonly ColumnShape[]): boolean {
  return index.parts.some((part) => isHidden(part.column) || columns.some((column) => column.name === part.column))
}

/** The indexes that are the same before and after. */
function keptIndexes({ to }: TableChange, difference: TableDifference): IndexShape[] {
  const { addedIndexes, replacedIndexes, renamedIndexes } = difference
  const changed = new Set([...addedIndexes, ...replacedIndexes, ...renamedIndexes.map((pair) => pair.to)])
  return to.indexes.filter((index) => !changed.has(index) && index.parts.every((part) => !isHidden(part.column)))
}

function changedOptions({ from, to }: TableChange): string[] {
  return [
    ...(from.comment === to.comment ? [] : [commentOption(to)]),
    ...(from.rowFormat === to.rowFormat ? [] : [`row_format=${to.rowFormat}`]),
  ]
}

function columnClause(column: ColumnShape, isNullable = column.isNullable): string {
  if (column.generatedAs !== null) {
    return `${name(column.name)} ${column.type}${generated(column.generatedAs)}`
  }
  const counted = column.isCounted ? ' auto_increment' : ''
  return `${name(column.name)} ${column.type} ${isNullable ? 'null' : 'not null'}${counted}`
}

function indexClause(index: IndexShape): string {
  return `${index.isUnique ? 'unique ' : ''}index ${name(index.name)} (${parts(index.parts)})`
}

/** By way of null: else MySQL would fill the rows that are there with its own idea of nothing, `0` or an empty text. */
function addColumn(change: TableChange, column: ColumnShape): string[] {
  const alter = `alter table ${name(change.to.name)}`
  const add = `${alter} add column ${columnClause(column, true)}`
  const fill = fillClause(change, column)
  if (column.generatedAs !== null || column.isNullable) return [add, ...fill]
  return [add, ...fill, `${alter} modify column ${columnClause(column)}`]
}

interface AlteredColumn {
  readonly from: ColumnShape
  readonly to: ColumnShape
}

function alterColumn(change: TableChange, { from, to }: AlteredColumn): string[] {
  // What is computed is made anew instead.
  if (to.generatedAs) return []
  const modify = `alter table ${name(change.to.name)} modify column ${columnClause(to)}`
  return from.isNullable && !to.isNullable ? [...fillClause(change, to), modify] : [modify]
}

function fillClause({ to, fills }: TableChange, column: ColumnShape): string[] {
  const fill = fills.get(column.name)
  if (fill === undefined) return []
  return [`update ${name(to.name)} set ${name(column.name)} = ${fill} where ${name(column.name)} is null`]
}
