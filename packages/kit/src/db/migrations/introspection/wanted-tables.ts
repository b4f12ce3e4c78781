import type { DialectName } from '../../dialects/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { ProjectState } from '../project-state.ts'
import { ALIVE_CONDITION, POLICY_NAME, type TableShape, tableShape } from '../schema/index.ts'
import { plainType } from './plain-type.ts'
import { NO_ROW_SECURITY, plainCondition, type RowSecurityFacts } from './row-security-facts.ts'
import { byColumns, byName, type TableFacts } from './table-facts.ts'

/** The tables that the models want, to be compared with those that are there, as `inPlainTypes` gives them. */
export function wantedTables(models: readonly AnyModel[], dialect: DialectName): TableFacts[] {
  const state = new ProjectState(models)
  const shapes = models.map((model) => tableShape(model, { dialect, target: (label) => state.get(label) }))
  return byName(shapes.map((shape) => tableFacts(shape, dialect)))
}

/** Tables as a database tells them, with their types in the spelling of `wantedTables`. */
export function inPlainTypes(tables: readonly TableFacts[], dialect: DialectName): TableFacts[] {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, type: plainType(column.type, dialect) })),
  }))
}

function tableFacts(shape: TableShape, dialect: DialectName): TableFacts {
  return {
    name: shape.name,
    columns: byName(
      shape.columns.map(({ name, type, isNullable, generatedAs }) => ({
        name,
        type: plainType(generatedAs === null ? type : `${type} generated`, dialect),
        isNullable,
      })),
    ),
    primaryKey: shape.primaryKey,
    indexes: byName(
      shape.indexes.map(({ name, isUnique, where, parts, include, using }) => ({
        name,
        isUnique,
        rows: where === null ? 'all' : where === ALIVE_CONDITION ? 'alive' : 'some',
        columns: [...parts.map(partText), ...include.map((column) => `+${column}`)],
        using,
      })),
    ),
    foreignKeys: byColumns(
      shape.foreignKeys.map(({ columns, targetTable, targetColumns }) => ({ columns, targetTable, targetColumns })),
    ),
    checks: byName(shape.checks.map(({ name }) => ({ name }))),
    rowSecurity: wantedSecurity(shape),
  }
}

function wantedSecurity({ rowPolicy }: TableShape): RowSecurityFacts {
  if (!rowPolicy) return NO_ROW_SECURITY
  const condition = plainCondition(rowPolicy.condition)
  return {
    isOn: true,
    isForced: true,
    policies: [{ name: POLICY_NAME, reach: '*', using: condition, check: condition }],
  }
}

function partText({ column, isDescending, expression }: TableShape['indexes'][number]['parts'][number]): string {
  return `${isDescending ? '-' : ''}${expression === null ? column : '()'}`
}
