import { type Expression, type SqlBool, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'
import { comparisonSql } from './comparison-sql.ts'
import { type Comparison, type Condition, eachComparison } from './condition.ts'
import type { JoinedTables } from './joined-tables.ts'
import type { DeletedRows } from './select-spec.ts'
import { Slot } from './slot.ts'

/** Where the values of comparisons go in a statement, and the first place after them. */
export interface ConditionSlots {
  readonly of: ReadonlyMap<Comparison, readonly Slot[]>
  readonly next: number
}

/** Slots for the values of conditions, from `first` on, in the order of `valuesOfConditions`. */
export function slotsOf(conditions: readonly Condition[], first: number): ConditionSlots {
  const of = new Map<Comparison, Slot[]>()
  let next = first
  for (const condition of conditions) {
    eachComparison(condition, (comparison) => {
      of.set(
        comparison,
        comparison.values.map(() => new Slot(next++)),
      )
    })
  }
  return { of, next }
}

export interface WantedRows {
  readonly model: AnyModel
  readonly conditions: readonly Condition[]
  readonly deleted: DeletedRows
}

export interface ConditionPlace {
  readonly tables: JoinedTables
  readonly slots: ConditionSlots
  readonly dialect: DialectName
}

/** What rows must meet, as SQL: the conditions, and being in the bin or not. */
export function wheres({ model, conditions, deleted }: WantedRows, place: ConditionPlace): Expression<SqlBool>[] {
  const found = conditions.map((condition) => conditionSql(condition, place))
  if (!model.hasSoftDelete || deleted === 'with') return found
  const ref = sql.ref(`${place.tables.base}.deleted_at`)
  return [deleted === 'only' ? sql<SqlBool>`${ref} is not null` : sql<SqlBool>`${ref} is null`, ...found]
}

function conditionSql(condition: Condition, place: ConditionPlace): Expression<SqlBool> {
  if ('path' in condition) {
    const { hops, column } = condition.path
    return comparisonSql(condition, {
      column: place.tables.columnOver(hops, column),
      dialect: place.dialect,
      slots: place.slots.of.get(condition) ?? [],
    })
  }
  // What is not known is not excluded: a null makes the comparison unknown, and "not unknown" would drop the row.
  if ('not' in condition) return sql`not coalesce(${conditionSql(condition.not, place)}, ${sql.raw('1 = 0')})`
  const [word, parts] = 'all' in condition ? [sql` and `, condition.all] : [sql` or `, condition.any]
  if (parts.length === 0) return 'all' in condition ? sql`1 = 1` : sql`1 = 0`
  return sql`(${sql.join(
    parts.map((part) => conditionSql(part, place)),
    word,
  )})`
}
