import type { DriverValue } from '../dialects/index.ts'
import type { Column, Relation } from '../models/index.ts'
import { type ColumnView, type JsonView, shapeOfView } from './column-view.ts'
import type { FieldPath } from './field-path.ts'

/** How a comparison is made in SQL: a lookup, with the variants that need SQL of their own. */
export type Operator =
  | 'exact'
  | 'iexact'
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'istartswith'
  | 'endswith'
  | 'iendswith'
  | 'regex'
  | 'in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'range'
  | 'isnull'
  | 'isnotnull'
  | 'never'
  | 'json_equal'
  | 'json_contains'
  | 'json_contained_by'

/** One column held against values that are already in the database's form. */
export interface Comparison {
  readonly path: FieldPath
  /** What of the column is compared; without it, the column itself. */
  readonly view?: ColumnView
  readonly operator: Operator
  /** The values of the view, if it has any, and then those compared with. */
  readonly values: readonly DriverValue[]
  /** Whether letters beyond ASCII must be folded, which takes dearer SQL. */
  readonly foldsUnicode: boolean
}

/** Rows of another model that lead here: there must be one that meets a condition. */
export interface RelatedCondition {
  readonly related: RelatedStep
  /** On the rows that the relation leads to. */
  readonly where: Condition
}

/** A step over a relation that may lead to many rows, after foreign keys that each lead to one. */
export interface RelatedStep {
  readonly hops: readonly Column[]
  readonly relation: Relation
  /** The steps in words: `owner__orders`. */
  readonly name: string
}

/** Items of a JSON list: there must be one that meets a condition. Only where a database has no words of its own for it. */
export interface ItemCondition {
  readonly items: { readonly path: FieldPath; readonly view: JsonView; readonly values: readonly DriverValue[] }
  readonly where: Condition
}

export type Condition =
  | Comparison
  | RelatedCondition
  | ItemCondition
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }

/** What of a condition carries values. */
export type ValueHolder = Comparison | ItemCondition['items']

/** Visits what carries values, always in the same order. */
export function eachValueHolder(condition: Condition, visit: (holder: ValueHolder) => void): void {
  if ('path' in condition) visit(condition)
  else if ('items' in condition) visit(condition.items)
  for (const part of partsOf(condition)) eachValueHolder(part, visit)
}

/** Visits the foreign keys that a condition follows from the rows themselves: those that must be joined. */
export function eachHops(condition: Condition, visit: (hops: readonly Column[]) => void): void {
  if ('path' in condition) visit(condition.path.hops)
  // The key of the row pointed to stands in the last foreign key: its own table need not be joined.
  else if ('related' in condition) visit(condition.related.hops.slice(0, -1))
  else for (const part of partsOf(condition)) eachHops(part, visit)
}

/** Whether a condition looks at rows of other tables. */
export function looksElsewhere(condition: Condition): boolean {
  if ('related' in condition) return true
  return 'path' in condition ? condition.path.hops.length > 0 : partsOf(condition).some(looksElsewhere)
}

/** Whether any comparison, in other tables too, is one of these. */
export function comparesBy(condition: Condition, operators: ReadonlySet<Operator>): boolean {
  if ('path' in condition) return operators.has(condition.operator)
  return partsOf(condition).some((part) => comparesBy(part, operators))
}

/** The shape of a condition, without its values: conditions of one shape share one statement. */
export function shapeOf(condition: Condition): string {
  if ('path' in condition) {
    const { path, view, operator, values, foldsUnicode } = condition
    return `${path.name}${shapeOfView(view)} ${operator}${foldsUnicode ? '*' : ''}${values.length}`
  }
  if ('related' in condition) return `${condition.related.name}[${shapeOf(condition.where)}]`
  if ('items' in condition) {
    const { path, view } = condition.items
    return `${path.name}${shapeOfView(view)}{${shapeOf(condition.where)}}`
  }
  if ('not' in condition) return `!(${shapeOf(condition.not)})`
  return `${'all' in condition ? '&' : '|'}(${partsOf(condition).map(shapeOf).join(',')})`
}

/** The conditions inside another. */
function partsOf(condition: Condition): readonly Condition[] {
  if ('path' in condition) return []
  if ('where' in condition) return [condition.where]
  if ('not' in condition) return [condition.not]
  return 'all' in condition ? condition.all : condition.any
}
