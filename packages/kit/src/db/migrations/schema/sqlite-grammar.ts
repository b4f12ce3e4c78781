import { clausesOf, tableBody } from './clauses.ts'
import type { ForeignObject, Grammar } from './grammar.ts'
import type { ColumnShape, TableShape } from './shapes.ts'
import { rangeCheck } from './sqlite-range.ts'
import { type TableChange, type TableDifference, tableDifference } from './table-change.ts'

const { name, names, createIndex, references, check, generated } = clausesOf('sqlite')

export const SQLITE_GRAMMAR: Grammar = { createTable, dropTable, alterTable }

function createTable(shape: TableShape): string[] {
  return [`create table ${name(shape.name)} ${createBody(shape)}`, ...createIndexes(shape)]
}

function dropTable(shape: TableShape): string[] {
  return [`drop table ${name(shape.name)}`]
}

function alterTable(change: TableChange, kept: readonly ForeignObject[]): string[] {
  const difference = tableDifference(change)
  return isNative(difference) ? alterNatively(change, difference) : rebuild(change, kept)
}

/** Foreign keys have no names here: SQLite never tells them, and would need the table rebuilt to change one. */
function createBody(shape: TableShape): string {
  const isCounted = shape.columns.some((column) => column.isCounted)
  return tableBody([
    ...shape.columns.map(columnClause),
    ...(isCounted ? [] : [`primary key (${names(shape.primaryKey)})`]),
    ...shape.foreignKeys.map(references),
    ...shape.checks.map(check),
  ])
}

function columnClause(column: ColumnShape): string {
  if (column.generatedAs) {
    const quoted = name(column.name)
    return `${quoted} ${column.type}${generated(column.generatedAs)}${rangeCheck(quoted, column.type)}`
  }
  const counted = column.isCounted ? ' primary key autoincrement' : ''
  return `${name(column.name)} ${column.type}${column.isNullable ? '' : ' not null'}${counted}`
}

const createIndexes = (shape: TableShape): string[] => shape.indexes.map((index) => createIndex(shape.name, index))

/** Whether `alter table` can do it: https://sqlite.org/lang_altertable.html */
function isNative(difference: TableDifference): boolean {
  const { addedColumns, alteredColumns, addedForeignKeys, droppedForeignKeys } = difference
  const { addedChecks, droppedChecks, renamedChecks } = difference
  const changed = [alteredColumns, addedForeignKeys, droppedForeignKeys, addedChecks, droppedChecks, renamedChecks]
  return changed.every((parts) => parts.length === 0) && addedColumns.every(isAddable)
}

/** SQLite adds no column that needs a value in the rows that are there. */
const isAddable = (column: ColumnShape): boolean => column.isNullable && !column.generatedAs?.isStored

function alterNatively({ from, to, fills }: TableChange, difference: TableDifference): string[] {
  const alter = `alter table ${name(to.name)}`
  const oldIndexes = [...difference.renamedIndexes.map((pair) => pair.from), ...difference.droppedIndexes]
  const newIndexes = [...difference.renamedIndexes.map((pair) => pair.to), ...difference.addedIndexes]
  const filled = difference.addedColumns.flatMap((column) => {
    const fill = fills.get(column.name)
    return fill === undefined ? [] : [`update ${name(to.name)} set ${name(column.name)} = ${fill}`]
  })
  return [
    ...(from.name === to.name ? [] : [`alter table ${name(from.name)} rename to ${name(to.name)}`]),
    ...[...oldIndexes, ...difference.replacedIndexes].map((index) => `drop index ${name(index.name)}`),
    ...difference.renamedColumns.map(([before, after]) => `${alter} rename column ${name(before)} to ${name(after)}`),
    ...difference.addedColumns.map((column) => `${alter} add column ${columnClause(column)}`),
    ...filled,
    ...difference.droppedColumns.map((column) => `${alter} drop column ${name(column.name)}`),
    ...[...newIndexes, ...difference.replacedIndexes].map((index) => createIndex(to.name, index)),
  ]
}

/**
 * The documented way (https://sqlite.org/lang_altertable.html#otheralter): a new table takes the rows, the old one goes,
 * the new one takes its name. Foreign keys must be off, or dropping the table would delete what points to it.
 */
function rebuild({ from, to, renamed, fills }: TableChange, kept: readonly ForeignObject[]): string[] {
  const temporary = `new__${to.name}`
  const oldNames = new Map([...renamed].map(([before, after]) => [after, before]))
  const before = new Set(from.columns.map((column) => column.name))
  const source = (column: ColumnShape): string => {
    const old = oldNames.get(column.name) ?? column.name
    const fill = fills.get(column.name)
    if (!before.has(old)) return fill ?? 'null'
    return fill === undefined ? name(old) : `coalesce(${name(old)}, ${fill})`
  }
  const isCounted = to.columns.some((column) => column.isCounted)
  const written = to.columns.filter((column) => column.generatedAs === null)
  return [
    // Renamed first, since that takes the foreign keys of other tables along.
    ...(from.name === to.name ? [] : [`alter table ${name(from.name)} rename to ${name(to.name)}`]),
    `create table ${name(temporary)} ${createBody(to)}`,
    `insert into ${name(temporary)} (${names(written.map((column) => column.name))}) select ${written.map(source).join(', ')} from ${name(to.name)}`,
    ...(isCounted ? keepCount(to.name, temporary) : []),
    `drop table ${name(to.name)}`,
    `alter table ${name(temporary)} rename to ${name(to.name)}`,
    ...createIndexes(to),
    ...kept.map((object) => object.sql),
  ]
}

/** Numbers of rows that are gone are not given out again. */
function keepCount(table: string, temporary: string): string[] {
  return [
    `delete from sqlite_sequence where name = '${temporary}'`,
    `insert into sqlite_sequence (name, seq) select '${temporary}', seq from sqlite_sequence where name = '${table}'`,
  ]
}
