import type { FieldErrors } from '../../base/index.ts'
import type { DialectName, DriverValue } from '../dialects/index.ts'
import { checkedValue, Problem } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, FieldExpression } from '../models/index.ts'
import { resolveExpression } from './resolve-expression.ts'
import type { Reach } from './store.ts'

export type Values = Readonly<Record<string, unknown>>
export type Cleaned = Map<Column, unknown>

export interface CleanResult {
  readonly values: Cleaned
  readonly errors: FieldErrors
}

/** Checks the values of a new row and fills in what is left out. Values come out in the form of their kinds. */
export function cleanInsert(model: AnyModel, given: Values, reach: Reach): CleanResult {
  const errors: Record<string, readonly string[]> = {}
  const values: Cleaned = new Map()
  // Inside a business the business of a row is the context's; only work across all of them must name it.
  const mayName = new Set<Column['origin']>(reach === 'all' ? ['declared', 'id', 'business'] : ['declared', 'id'])
  assertKnown(model, given, (column) => mayName.has(column.origin) && !column.settings.generated)
  for (const column of model.columns.values()) {
    const value = given[column.name]
    if (value === undefined && !isWritten(column)) continue
    const cleaned = value === undefined ? omittedValue(column) : cleanValue(column, value)
    if (cleaned instanceof Problem) errors[column.name] = cleaned.messages
    else values.set(column, cleaned)
  }
  return { values, errors }
}

/** Checks the values that change a row. An expression comes out as a `ColumnExpression`. */
export function cleanUpdate(model: AnyModel, given: Values): CleanResult {
  const errors: Record<string, readonly string[]> = {}
  const values: Cleaned = new Map()
  assertKnown(model, given, isWritten)
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const column = columnNamed(model, name)
    const cleaned =
      value instanceof FieldExpression ? resolveExpression(model, column, value) : cleanValue(column, value)
    if (cleaned instanceof Problem) errors[name] = cleaned.messages
    else values.set(column, cleaned)
  }
  return { values, errors }
}

/** Whether code gives its value: a field that neither the kit nor the database keeps. */
export const isWritten = ({ origin, settings }: Column): boolean => origin === 'declared' && !settings.generated

function assertKnown(model: AnyModel, given: Values, isAllowed: (column: Column) => boolean): void {
  for (const name of Object.keys(given)) {
    const column = columnNamed(model, name)
    if (!isAllowed(column)) throw cannotBeSet(model, column)
  }
}

export function cannotBeSet(model: AnyModel, { name, settings }: Column): TypeError {
  const keeper = settings.generated ? 'computed by the database' : 'kept by the kit'
  return new TypeError(`${model.label}.${name} is ${keeper}: it cannot be set`)
}

/** A value in the form of its kind, or what is wrong with it. */
export function cleanValue(column: Column, value: unknown): unknown {
  if (value !== null) return checkedValue(column, value)
  return column.settings.nullable ? null : new Problem('This field may not be null.')
}

/** The value of a field that is left out: its default, null, or the word that it is required. */
export function omittedValue(column: Column): unknown {
  const { settings } = column
  const { defaultValue } = settings
  if (defaultValue !== undefined) {
    const value: unknown = typeof defaultValue === 'function' ? defaultValue() : defaultValue
    return value === null ? null : checkedValue(column, value)
  }
  return settings.nullable ? null : new Problem('This field is required.')
}

/** A clean value in the database's form. */
export function encodedValue(column: Column, value: unknown, dialect: DialectName): DriverValue {
  return value === null || value === undefined ? null : column.kind.encode(value, dialect)
}
