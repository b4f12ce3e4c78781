import type { DriverValue } from '../dialects/index.ts'
import type { FieldPath } from './field-path.ts'

/** How a comparison is made in SQL: a lookup, with the variants that need SQL of their own. */
export type Operator =
  | 'exact'
  | 'iexact'
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'endswith'
  | 'in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'range'
  | 'isnull'
  | 'isnotnull'
  | 'never'

/** One column held against values that are already in the database's form. */
export interface Comparison {
  readonly path: FieldPath
  readonly operator: Operator
  readonly values: readonly DriverValue[]
  /** Whether letters beyond ASCII must be folded, which takes dearer SQL. */
  readonly foldsUnicode: boolean
}

export type Condition =
  | Comparison
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }

/** Visits the comparisons of a condition, always in the same order. */
export function eachComparison(condition: Condition, visit: (comparison: Comparison) => void): void {
  if ('path' in condition) visit(condition)
  else if ('not' in condition) eachComparison(condition.not, visit)
  else for (const part of 'all' in condition ? condition.all : condition.any) eachComparison(part, visit)
}

/** The shape of a condition, without its values: conditions of one shape share one statement. */
export function shapeOf(condition: Condition): string {
  if ('path' in condition) {
    const { path, operator, values, foldsUnicode } = condition
    return `${path.name} ${operator}${foldsUnicode ? '*' : ''}${values.length}`
  }
  if ('not' in condition) return `!(${shapeOf(condition.not)})`
  const [word, parts] = 'all' in condition ? ['&', condition.all] : ['|', condition.any]
  return `${word}(${parts.map(shapeOf).join(',')})`
}
