import type { DialectName } from '../../dialects/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { ProjectState } from '../project-state.ts'
import { type TableShape, tableShape } from '../schema/index.ts'
import { byColumns, byName, type TableFacts } from './table-facts.ts'

/** A table with its columns' types left out: a database says them in words of its own. */
export type UntypedTable = Omit<TableFacts, 'columns'> & {
  readonly columns: readonly { readonly name: string; readonly isNullable: boolean }[]
}

/** The tables that the models want, to be compared with those that are there. */
export function wantedTables(models: readonly AnyModel[], dialect: DialectName): UntypedTable[] {
  const state = new ProjectState(models)
  const shapes = models.map((model) => tableShape(model, { dialect, target: (label) => state.get(label) }))
  return byName(shapes.map(tableFacts))
}

export function withoutTypes(tables: readonly TableFacts[]): UntypedTable[] {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map(({ name, isNullable }) => ({ name, isNullable })),
  }))
}

function tableFacts(shape: TableShape): UntypedTable {
  return {
    name: shape.name,
    columns: byName(shape.columns.map(({ name, isNullable }) => ({ name, isNullable }))),
    primaryKey: shape.primaryKey,
    indexes: byName(
      shape.indexes.map(({ name, isUnique, where, parts }) => ({
        name,
        isUnique,
        isPartial: where !== null,
        columns: parts.map((part) => (part.isDescending ? `-${part.column}` : part.column)),
      })),
    ),
    foreignKeys: byColumns(
      shape.foreignKeys.map(({ columns, targetTable, targetColumns }) => ({ columns, targetTable, targetColumns })),
    ),
  }
}
