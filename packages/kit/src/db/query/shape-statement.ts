import { type RawBuilder, type RootOperationNode, sql } from 'kysely'
import { type AggregatePart, type AggregatePlace, valueOfRow, valueOfRows } from './aggregate-sql.ts'
import { partsOf } from './aggregate-value.ts'
import { slotsOf, wheres } from './condition-sql.ts'
import { distinctCountSql } from './distinct-count-sql.ts'
import { havingSql } from './having-sql.ts'
import { lookedSql } from './looked-path.ts'
import { countsRelatedOnce, type NamedAggregate, type ResolvedAggregate } from './resolve-aggregate.ts'
import { locked, orderSql, selections, tablesOf } from './select-statement.ts'
import type { ShapeOrder, ShapeSpec } from './shape-spec.ts'
import { Slot } from './slot.ts'
import type { Store } from './store.ts'

/** Builds the statement of a shape. Slots stand where its values go, in the order of `valuesOfShape`. */
export function shapeStatement(store: Store, spec: ShapeSpec): RootOperationNode {
  const { query, next, tables } = shapeQuery(store, spec)
  const { window, lock } = spec.base
  const limited = window ? query.limit(sql<number>`${sql.lit(window.limit)}`) : query
  const select = window && window.offset > 0 ? limited.offset(sql<number>`${new Slot(next)}`) : limited
  const { dialect } = store.database
  return (lock ? locked(select, lock, { base: tables.base, dialect }) : select).toOperationNode()
}

/** Builds the statement that counts what a shape gives. */
export function shapeCountStatement(store: Store, spec: ShapeSpec): RootOperationNode {
  const { query } = shapeQuery(store, { ...spec, order: [] })
  return store.builder.selectFrom(query.as('s')).select(sql<number>`count(*)`.as('n')).toOperationNode()
}

function shapeQuery(store: Store, spec: ShapeSpec) {
  const { base, aggregates, having } = spec
  const { dialect } = store.database
  const tables = tablesOf(store, base, 't', [])
  const conditions = [...base.conditions, ...aggregates.flatMap(({ aggregate }) => aggregate.conditions)]
  const slots = slotsOf(conditions, 1)
  const place: AggregatePlace = { tables, slots, dialect, builder: store.builder }
  const worth = (aggregate: ResolvedAggregate, part: AggregatePart): RawBuilder<unknown> =>
    spec.isGrouped ? worthOfGroup(aggregate, part, { spec, place }) : valueOfRow(aggregate, part, place)
  let next = slots.next
  const fields = spec.fields.map(({ path }) => lookedSql(path, tables, dialect))
  const keys = (spec.keys ?? []).map((path) => lookedSql(path, tables, dialect))
  const worked = aggregates.flatMap(({ aggregate }) => partsOf(aggregate).map((part) => worth(aggregate, part)))
  const compared = ({ aggregate }: NamedAggregate): RawBuilder<unknown> => worth(aggregate, comparedPart(aggregate))
  const kept = having.map((condition) => havingSql(condition, { worth: compared, nextSlot: () => new Slot(next++) }))
  const order = spec.order.map((term) => termSql(term, { place, compared }))
  const held = wheres(base, place)
  const own = selections(base, tables)
  const named = [...fields, ...worked, ...keys].map((value, at) => value.as(`s${at}`))
  let query = tables.from(store.builder).select([...own, ...named])
  if (spec.isDistinct) query = query.distinct()
  for (const where of held) query = query.where(where)
  if (spec.isGrouped) for (const field of fields) query = query.groupBy(field)
  for (const condition of kept) query = spec.isGrouped ? query.having(condition) : query.where(condition)
  for (const term of order) query = query.orderBy(term)
  return { query, next, tables }
}

function worthOfGroup(
  aggregate: ResolvedAggregate,
  part: AggregatePart,
  { spec, place }: { readonly spec: ShapeSpec; readonly place: AggregatePlace },
): RawBuilder<unknown> {
  if (!countsRelatedOnce(aggregate)) return valueOfRows(aggregate, part, place)
  return distinctCountSql(aggregate, place, { base: spec.base, fields: spec.fields.map(({ path }) => path) })
}

/** Where a value is compared or sorted by, a mean is the database's own. */
const comparedPart = ({ fn }: ResolvedAggregate): AggregatePart => (fn === 'avg' ? 'mean' : fn)

interface TermParts {
  readonly place: AggregatePlace
  readonly compared: (by: NamedAggregate) => RawBuilder<unknown>
}

function termSql(term: ShapeOrder, { place, compared }: TermParts): RawBuilder<unknown> {
  if ('path' in term) return orderSql(term, place.tables, place.dialect)
  const value = compared(term.by)
  const nulls = place.dialect === 'postgresql' ? (term.descending ? sql` nulls last` : sql` nulls first`) : sql``
  return sql`${value}${term.descending ? sql` desc` : sql``}${nulls}`
}
