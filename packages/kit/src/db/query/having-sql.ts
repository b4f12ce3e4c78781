import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { HavingComparison, HavingCondition } from './having-condition.ts'
import type { NamedAggregate } from './resolve-aggregate.ts'
import type { Slot } from './slot.ts'

export interface HavingPlace {
  /** The SQL of what an aggregate is compared by. */
  readonly worth: (by: NamedAggregate) => RawBuilder<unknown>
  /** The places of the values, in the order of `valuesOfHaving`. */
  readonly nextSlot: () => Slot
}

/** The SQL of a condition on aggregates. */
export function havingSql(condition: HavingCondition, place: HavingPlace): RawBuilder<SqlBool> {
  if ('by' in condition) return comparisonSql(condition, place)
  // What is not known is not excluded, as in the conditions of a filter.
  if ('not' in condition) return sql`not coalesce(${havingSql(condition.not, place)}, ${sql.raw('1 = 0')})`
  const [word, parts] = 'all' in condition ? [sql` and `, condition.all] : [sql` or `, condition.any]
  if (parts.length === 0) return 'all' in condition ? sql`1 = 1` : sql`1 = 0`
  return sql`(${sql.join(
    parts.map((part) => havingSql(part, place)),
    word,
  )})`
}

function comparisonSql({ by, operator, values, cast }: HavingComparison, place: HavingPlace): RawBuilder<SqlBool> {
  const value = place.worth(by)
  const compared = values.map(() => {
    const slot = place.nextSlot()
    return cast === null ? sql`${slot}` : sql`cast(${slot} as ${sql.raw(cast)})`
  })
  const [first, second] = compared
  switch (operator) {
    case 'in':
      return sql`${value} in (${sql.join(compared)})`
    case 'between':
      return sql`${value} between ${first} and ${second}`
    case 'is null':
    case 'is not null':
      return sql`${value} ${sql.raw(operator)}`
    default:
      return sql`${value} ${sql.raw(operator)} ${first}`
  }
}
