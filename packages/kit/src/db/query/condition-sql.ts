import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'
import { comparisonSql } from './comparison-sql.ts'
import {
  type Condition,
  eachHops,
  eachValueHolder,
  type ItemCondition,
  type RelatedCondition,
  type ValueHolder,
} from './condition.ts'
import { JoinedTables } from './joined-tables.ts'
import { pointsToModel } from './pointing-rows.ts'
import type { DeletedRows } from './select-spec.ts'
import { Slot } from './slot.ts'
import type { SqlBuilder } from './store.ts'
import { viewSql } from './view-sql.ts'

/** Where the values of comparisons go in a statement, and the first place after them. */
export interface ConditionSlots {
  readonly of: ReadonlyMap<ValueHolder, readonly Slot[]>
  readonly next: number
}

/** Slots for the values of conditions, from `first` on, in the order of `valuesOfConditions`. */
export function slotsOf(conditions: readonly Condition[], first: number): ConditionSlots {
  const of = new Map<ValueHolder, Slot[]>()
  let next = first
  for (const condition of conditions) {
    eachValueHolder(condition, (holder) => {
      of.set(
        holder,
        holder.values.map(() => new Slot(next++)),
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
  readonly builder: SqlBuilder
}

/** What rows must meet, as SQL: the conditions, and being in the bin or not. */
export function wheres({ model, conditions, deleted }: WantedRows, place: ConditionPlace): Expression<SqlBool>[] {
  const inner: InnerPlace = { ...place, item: null, counter: { next: 1 } }
  const found = conditions.map((condition) => conditionSql(condition, inner))
  if (!model.hasSoftDelete || deleted === 'with') return found
  const ref = sql.ref(`${place.tables.base}.deleted_at`)
  return [deleted === 'only' ? sql<SqlBool>`${ref} is not null` : sql<SqlBool>`${ref} is null`, ...found]
}

/** Joins what conditions on rows need of other tables. */
export function addHops(tables: JoinedTables, conditions: readonly Condition[]): void {
  for (const condition of conditions) eachHops(condition, (hops) => tables.add(hops))
}

interface InnerPlace extends ConditionPlace {
  readonly item: Expression<unknown> | null
  /** Numbers the subqueries, so that none takes the name of another. */
  readonly counter: { next: number }
}

function conditionSql(condition: Condition, place: InnerPlace): Expression<SqlBool> {
  if ('path' in condition) {
    const { hops, column } = condition.path
    return comparisonSql(condition, {
      column: place.tables.columnOver(hops, column),
      item: place.item,
      dialect: place.dialect,
      slots: place.slots.of.get(condition) ?? [],
    })
  }
  if ('related' in condition) return relatedSql(condition, place)
  if ('items' in condition) return itemSql(condition, place)
  // What is not known is not excluded: a null makes the comparison unknown, and "not unknown" would drop the row.
  if ('not' in condition) return sql`not coalesce(${conditionSql(condition.not, place)}, ${sql.raw('1 = 0')})`
  const [word, parts] = 'all' in condition ? [sql` and `, condition.all] : [sql` or `, condition.any]
  if (parts.length === 0) return 'all' in condition ? sql`1 = 1` : sql`1 = 0`
  return sql`(${sql.join(
    parts.map((part) => conditionSql(part, place)),
    word,
  )})`
}

/** A semi-join: whether there is a row that leads here and meets the condition. It never makes a row appear twice. */
function relatedSql({ related, where }: RelatedCondition, place: InnerPlace): Expression<SqlBool> {
  const { hops, relation } = related
  const { model, column, type, through } = relation
  const last = hops.at(-1)
  const key = last ? place.tables.columnOver(hops.slice(0, -1), last) : `${place.tables.base}.id`
  const prefix = `r${place.counter.next++}_`
  const tables = new JoinedTables(place.tables.registry, model, prefix)
  addHops(tables, [where])
  const inner = { ...place, tables }
  const between = `${prefix}t`
  let select = tables.from(place.builder).select(sql`1`.as('one'))
  if (through) {
    select = select
      .innerJoin(`${through.model.table} as ${between}`, `${between}.${through.onward.column}`, `${tables.base}.id`)
      .where(sql<SqlBool>`${sql.ref(`${between}.${column.column}`)} = ${sql.ref(key)}`)
    if (through.model.hasSoftDelete) select = select.where(`${between}.deleted_at`, 'is', null)
  } else {
    select = select.where(sql<SqlBool>`${sql.ref(`${tables.base}.${column.column}`)} = ${sql.ref(key)}`)
    if (type) select = select.where(pointsToModel(tables, type))
  }
  if (model.hasSoftDelete) select = select.where(`${tables.base}.deleted_at`, 'is', null)
  return expressionBuilder<Record<string, never>, never>().exists(select.where(conditionSql(where, inner)))
}

/** Whether a JSON list has an item that meets the condition. */
function itemSql({ items, where }: ItemCondition, place: InnerPlace): Expression<SqlBool> {
  const { path, view } = items
  const list = viewSql(view, {
    ref: sql.ref(place.tables.columnOver(path.hops, path.column)),
    item: place.item,
    dialect: place.dialect,
    slots: place.slots.of.get(items) ?? [],
  })
  const alias = `j${place.counter.next++}`
  const item = sql.raw(`${alias}.e`)
  const found = conditionSql(where, { ...place, item })
  return sql`exists (select 1 from json_table(${list}, '$[*]' columns (e json path '$')) as ${sql.raw(alias)} where ${found})`
}
