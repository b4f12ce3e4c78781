import { clausesOf, tableBody } from './clauses.ts'
import type { Grammar } from './grammar.ts'
import { type TableChange, tableDifference } from './table-change.ts'
import type { ColumnShape, IndexShape, TableShape } from './table-shape.ts'

const { name, names, parts, references } = clausesOf('mysql')

/** @param version as the server tells it, since MariaDB names its collations differently */
export function mysqlGrammar(version: string): Grammar {
  // Texts are compared by code point, spaces at the end included, as on the other databases.
  const collation = /mariadb/i.test(version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'
  const tableOptions = `engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=${collation}`
  return {
    createTable: (shape) => [`create table ${name(shape.name)} ${createBody(shape)} ${tableOptions}`],
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
  ])
}

/** New indexes come before old ones go: a foreign key is never without one, which MySQL would refuse. */
function alterTable(change: TableChange): string[] {
  const difference = tableDifference(change)
  const { from, to } = change
  const alter = `alter table ${name(to.name)}`
  const renamedKeys = difference.renamedForeignKeys
  return [
    ...(from.name === to.name ? [] : [`rename table ${name(from.name)} to ${name(to.name)}`]),
    ...[...difference.droppedForeignKeys, ...renamedKeys.map((pair) => pair.from)].map(
      (key) => `${alter} drop foreign key ${name(key.name)}`,
    ),
    ...difference.renamedColumns.map(([before, after]) => `${alter} rename column ${name(before)} to ${name(after)}`),
    ...difference.renamedIndexes.map(
      (pair) => `${alter} rename index ${name(pair.from.name)} to ${name(pair.to.name)}`,
    ),
    ...difference.addedColumns.flatMap((column) => addColumn(change, column)),
    ...difference.alteredColumns.flatMap((pair) => alterColumn(change, pair)),
    ...difference.addedIndexes.map((index) => `${alter} add ${indexClause(index)}`),
    ...difference.droppedIndexes.map((index) => `${alter} drop index ${name(index.name)}`),
    ...difference.replacedIndexes.map((index) => `${alter} drop index ${name(index.name)}, add ${indexClause(index)}`),
    ...difference.droppedColumns.map((column) => `${alter} drop column ${name(column.name)}`),
    ...[...renamedKeys.map((pair) => pair.to), ...difference.addedForeignKeys].map(
      (key) => `${alter} add constraint ${name(key.name)} ${references(key)}`,
    ),
  ]
}

function columnClause(column: ColumnShape, isNullable = column.isNullable): string {
  if (column.generatedAs !== null) {
    return `${name(column.name)} ${column.type} generated always as (${column.generatedAs}) virtual`
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
  const modify = `alter table ${name(change.to.name)} modify column ${columnClause(to)}`
  return from.isNullable && !to.isNullable ? [...fillClause(change, to), modify] : [modify]
}

function fillClause({ to, fills }: TableChange, column: ColumnShape): string[] {
  const fill = fills.get(column.name)
  if (fill === undefined) return []
  return [`update ${name(to.name)} set ${name(column.name)} = ${fill} where ${name(column.name)} is null`]
}
