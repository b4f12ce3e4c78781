import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { AggregateFunction } from './aggregate.ts'
import { type ConditionPlace, wheres } from './condition-sql.ts'
import { JoinedTables } from './joined-tables.ts'
import { keyPointedTo, pointingRows } from './pointing-rows.ts'
import { arithmeticOfPath, idOf, type ManyStep, type ResolvedAggregate } from './resolve-aggregate.ts'
import type { SqlBuilder } from './store.ts'

export interface AggregatePlace extends ConditionPlace {
  readonly builder: SqlBuilder
}

/** The part of a mean that one column holds: databases round means each in their own way, sums and counts they do not. */
export type AggregatePart = AggregateFunction | 'mean'

/**
 * The value of an aggregate for one row of a query: a subquery for the relation that it is about. Several relations of
 * one row never meet in a join, which would count the rows of each once for each row of the others.
 */
export function valueOfRow(
  aggregate: ResolvedAggregate,
  part: AggregatePart,
  place: AggregatePlace,
): RawBuilder<unknown> {
  const [step, ...rest] = aggregate.steps
  if (!step) throw new TypeError('A row by itself has nothing to gather: the path must lead over a relation to many')
  return subquery(step, { aggregate, part, rest, prefix: `${place.tables.base}a` }, place)
}

/** The value of an aggregate over all rows of a query, or over those of a group. */
export function valueOfRows(
  aggregate: ResolvedAggregate,
  part: AggregatePart,
  place: AggregatePlace,
): RawBuilder<unknown> {
  if (aggregate.steps.length === 0) return leaf(aggregate, part, { ...place, isFiltered: true })
  if (part === 'mean') {
    throw new TypeError('Cannot compare the mean over a relation for several rows: query the related model')
  }
  return gathered(part, valueOfRow(aggregate, part, place), { aggregate, place })
}

/** Puts values that are themselves gathered together. */
function gathered(
  part: AggregatePart,
  value: RawBuilder<unknown>,
  { aggregate, place }: { readonly aggregate: ResolvedAggregate; readonly place: AggregatePlace },
): RawBuilder<unknown> {
  switch (part) {
    case 'count':
      return sql`coalesce(sum(${value}), 0)`
    case 'sum':
      return sumOf(value, aggregate, place)
    case 'min':
      return sql`min(${value})`
    case 'max':
      return sql`max(${value})`
    case 'avg':
    case 'mean':
      throw new TypeError('A mean is put together from its sum and its count')
  }
}

interface SubqueryParts {
  readonly aggregate: ResolvedAggregate
  readonly part: AggregatePart
  readonly rest: readonly ManyStep[]
  readonly prefix: string
}

function subquery(
  { hops, relation }: ManyStep,
  { aggregate, part, rest, prefix }: SubqueryParts,
  place: AggregatePlace,
): RawBuilder<unknown> {
  const { model } = relation
  const key = keyPointedTo(place.tables, hops)
  const tables = new JoinedTables(place.tables.registry, model, prefix)
  const inner = { ...place, tables }
  const [next, ...others] = rest
  const conditions = next ? [] : aggregate.conditions
  const value = next
    ? gathered(part, subquery(next, { aggregate, part, rest: others, prefix: `${prefix}a` }, inner), {
        aggregate,
        place: inner,
      })
    : leaf(aggregate, part, { ...inner, isFiltered: false })
  const held = wheres({ model, conditions, deleted: 'without' }, inner)
  const { select, pointing } = pointingRows(relation, { tables, builder: place.builder, value })
  let found = select.where(sql<boolean>`${sql.ref(pointing)} = ${sql.ref(key)}`)
  for (const where of held) found = found.where(where)
  return sql`${found}`
}

/** The aggregate over columns of the rows that are gathered. */
export function leaf(
  aggregate: ResolvedAggregate,
  part: AggregatePart,
  place: AggregatePlace & { readonly isFiltered: boolean },
): RawBuilder<unknown> {
  const { path, model, isDistinct, conditions } = aggregate
  const column = path ? place.tables.columnOver(path.hops, path.column) : place.tables.column(idOf(model))
  const filters = place.isFiltered ? wheres({ model, conditions, deleted: 'with' }, place) : []
  const value = filters.length === 0 ? sql.ref(column) : sql`case when ${allOf(filters)} then ${sql.ref(column)} end`
  switch (part) {
    case 'count':
      return isDistinct ? sql`count(distinct ${value})` : sql`count(${value})`
    case 'sum':
      return sumOf(value, aggregate, place)
    case 'mean':
    case 'avg':
      return sql`avg(${value})`
    case 'min':
      return sql`min(${value})`
    case 'max':
      return sql`max(${value})`
  }
}

const allOf = (conditions: readonly Expression<SqlBool>[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.join(conditions, sql` and `)})`

function sumOf(
  value: RawBuilder<unknown>,
  aggregate: ResolvedAggregate,
  { dialect }: AggregatePlace,
): RawBuilder<unknown> {
  const { type, places } = arithmeticOfPath(aggregate)
  if (dialect === 'sqlite' && type !== 'float') return sql`bw_sum(${value}, ${sql.raw(String(places))})`
  return sql`sum(${value})`
}
