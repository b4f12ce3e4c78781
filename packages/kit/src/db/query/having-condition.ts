import type { DriverValue } from '../dialects/index.ts'
import type { NamedAggregate } from './resolve-aggregate.ts'

export type HavingOperator = '=' | '>' | '>=' | '<' | '<=' | 'in' | 'between' | 'is null' | 'is not null'

/** One aggregate held against values that are already in the database's form. */
export interface HavingComparison {
  readonly by: NamedAggregate
  readonly operator: HavingOperator
  readonly values: readonly DriverValue[]
  /** The type that the database must be told of each value. */
  readonly cast: string | null
}

/** What the aggregates of a shape must meet. */
export type HavingCondition =
  | HavingComparison
  | { readonly all: readonly HavingCondition[] }
  | { readonly any: readonly HavingCondition[] }
  | { readonly not: HavingCondition }

/** The shape of a condition, without its values. */
export function shapeOfHaving(condition: HavingCondition): string {
  // By its name: aggregates that differ only in the values of their filters have one shape, and slots of their own.
  if ('by' in condition)
    return `${condition.by.name}${condition.operator}${condition.cast ?? ''}${condition.values.length}`
  if ('not' in condition) return `!(${shapeOfHaving(condition.not)})`
  const [word, parts] = 'all' in condition ? ['&', condition.all] : ['|', condition.any]
  return `${word}(${parts.map(shapeOfHaving).join()})`
}

/** The values of a condition in the order of their slots. */
export function valuesOfHaving(condition: HavingCondition): readonly DriverValue[] {
  if ('by' in condition) return condition.values
  if ('not' in condition) return valuesOfHaving(condition.not)
  return ('all' in condition ? condition.all : condition.any).flatMap(valuesOfHaving)
}
