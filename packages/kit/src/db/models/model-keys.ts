import type { Column } from './column.ts'
import { keyName } from './key-name.ts'
import { type AnyCondition, conditionKey } from './own-condition.ts'

/** Fields that are unique together, within the business and among rows not deleted. */
export interface UniqueSet {
  readonly fields: readonly string[]
  /** The rows that it is about; null for all of them. */
  readonly where: AnyCondition | null
  /** A name of its own for the key in the database. */
  readonly name: string | null
  /** What a client is told whose row is refused. */
  readonly message: string | null
}

/** SQL that gives the value to sort by: `lower(email)` on every database, or one text for each. */
export type IndexExpression =
  | string
  | { readonly postgresql?: string; readonly sqlite?: string; readonly mysql?: TypedSql }

/** MySQL keeps an expression as a generated column, which needs a type. */
export interface TypedSql {
  readonly sql: string
  /** Such as `varchar(100)`. */
  readonly type: string
}

export type IndexMethod = 'btree' | 'gin'

/** An index. It starts with the business by itself. */
export interface Index {
  /** `-created_at` sorts downwards. */
  readonly fields: readonly string[]
  readonly expression: IndexExpression | null
  readonly where: AnyCondition | null
  /** Fields whose values are kept in the index, to be read from there. */
  readonly include: readonly string[]
  readonly using: IndexMethod
  readonly name: string | null
}

/** A condition that every row has to meet. */
export interface Check {
  readonly name: string
  readonly where: AnyCondition
  /** What a client is told whose row is refused. */
  readonly message: string | null
}

interface Named {
  readonly table: string
  readonly columns: ReadonlyMap<string, Column>
}

/** The name of a unique key in the database. */
export function uniqueKeyName(model: Named, { fields, where, name }: UniqueSet): string {
  return name ?? keyName(model.table, columnsOf(model, fields), 'uniq', where ? [conditionKey(where)] : [])
}

/** The name of an index in the database. */
export function indexName(model: Named, { fields, expression, where, include, using, name }: Index): string {
  const special = [
    ...(expression === null ? [] : [JSON.stringify(expression)]),
    ...(where === null ? [] : [conditionKey(where)]),
    ...(include.length === 0 ? [] : [include.join()]),
    ...(using === 'btree' ? [] : [using]),
  ]
  return name ?? keyName(model.table, columnsOf(model, fields), 'idx', special)
}

/** The name of a check in the database, the same on all of them. */
export function checkName(model: Named, name: string): string {
  return keyName(model.table, [name], 'check')
}

function columnsOf(model: Named, signed: readonly string[]): string[] {
  return signed.map((name) => {
    const sign = name.startsWith('-') ? '-' : ''
    const bare = name.slice(sign.length)
    return sign + (model.columns.get(bare)?.column ?? bare)
  })
}
