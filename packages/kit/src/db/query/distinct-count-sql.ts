import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { type AggregatePlace, leaf } from './aggregate-sql.ts'
import { wheres } from './condition-sql.ts'
import { JoinedTables } from './joined-tables.ts'
import { type LookedPath, lookedSql } from './looked-path.ts'
import { keyPointedTo, pointingRows } from './pointing-rows.ts'
import type { ResolvedAggregate } from './resolve-aggregate.ts'
import type { SelectSpec } from './select-spec.ts'

/** The rows that a query puts together, and what those of one group have alike. */
export interface GroupedRows {
  readonly base: SelectSpec
  readonly fields: readonly LookedPath[]
}

/**
 * How many values there are among the rows that are related to those of a group. Values that are counted row by row
 * cannot be added up, for two rows may lead to the same one: so the related rows are looked at as one set, the rows that
 * point to any row of the group.
 */
export function distinctCountSql(
  aggregate: ResolvedAggregate,
  place: AggregatePlace,
  rows: GroupedRows,
): RawBuilder<unknown> {
  const parts: SetParts = { aggregate, place, rows }
  const last = aggregate.steps.length - 1
  const tables = tablesAt(parts, last)
  const inner = { ...place, tables }
  const value = leaf(aggregate, 'count', { ...inner, isFiltered: false })
  const counted = rowsAt(parts, last, { tables, value })
  // A query without groups is one group only if it gathers something: the number is the same for each of its rows.
  return rows.fields.length > 0 ? counted : sql`coalesce(max(${counted}), 0)`
}

interface SetParts {
  readonly aggregate: ResolvedAggregate
  readonly place: AggregatePlace
  readonly rows: GroupedRows
}

const stepAt = ({ aggregate }: SetParts, at: number) => {
  const step = aggregate.steps[at]
  if (!step) throw new TypeError('The path of an aggregate over related rows has a step to them')
  return step
}

const tablesAt = (parts: SetParts, at: number): JoinedTables => {
  const { tables } = parts.place
  return new JoinedTables(tables.registry, stepAt(parts, at).relation.model, `${tables.base}d${at}_`)
}

interface Selected {
  readonly tables: JoinedTables
  readonly value: RawBuilder<unknown>
}

/** A value of the rows that a step leads to, from all rows before it. */
function rowsAt(parts: SetParts, at: number, { tables, value }: Selected): RawBuilder<unknown> {
  const { aggregate, place } = parts
  const { relation } = stepAt(parts, at)
  const isLast = at === aggregate.steps.length - 1
  const conditions = isLast ? aggregate.conditions : []
  const held = wheres({ model: relation.model, conditions, deleted: 'without' }, { ...place, tables })
  const { select, pointing } = pointingRows(relation, { tables, builder: place.builder, value })
  let found = select.where(sql<boolean>`${sql.ref(pointing)} in ${keysBefore(parts, at)}`)
  for (const where of held) found = found.where(where)
  return sql`${found}`
}

/** The keys that the rows of a step point to. */
function keysBefore(parts: SetParts, at: number): RawBuilder<unknown> {
  const { hops } = stepAt(parts, at)
  if (at === 0) return keysOfGroup(parts)
  const tables = tablesAt(parts, at - 1)
  return rowsAt(parts, at - 1, { tables, value: sql.ref(keyPointedTo(tables, hops)) })
}

function keysOfGroup(parts: SetParts): RawBuilder<unknown> {
  const { place, rows } = parts
  const { base, fields } = rows
  const tables = new JoinedTables(place.tables.registry, base.model, `${place.tables.base}d_`)
  const value = sql.ref(keyPointedTo(tables, stepAt(parts, 0).hops))
  const held = wheres(base, { ...place, tables })
  const alike = fields.map((path) => {
    const [own, group] = [tables, place.tables].map((side) => lookedSql(path, side, place.dialect))
    return sql<boolean>`${own} ${sql.raw(SAME[place.dialect])} ${group}`
  })
  let select = tables.from(place.builder).select(value.as('v'))
  for (const where of [...held, ...alike]) select = select.where(where)
  return sql`${select}`
}

/** Equal, or both null. */
const SAME: Readonly<Record<DialectName, string>> = {
  sqlite: 'is',
  postgresql: 'is not distinct from',
  mysql: '<=>',
}
