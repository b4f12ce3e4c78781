import { type RawBuilder, type RootOperationNode, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { columnNamed } from '../models/index.ts'
import { comparesBy, type Operator } from './condition.ts'
import { addHops, type ConditionSlots, slotsOf, wheres } from './condition-sql.ts'
import { JoinedTables } from './joined-tables.ts'
import { type LookedPath, lookedSql } from './looked-path.ts'
import { firstOfEach, heldToOwners, ownerColumn } from './related-rows-sql.ts'
import { conditionsOf, type OrderTerm, type RowLock, type SelectSpec } from './select-spec.ts'
import { Slot } from './slot.ts'
import type { Store } from './store.ts'

type Select = ReturnType<JoinedTables['from']>

/** Builds the statement of a spec. Slots stand where its values go, in the order of `valuesOfSpec`. */
export function selectStatement(store: Store, spec: SelectSpec): RootOperationNode {
  const tables = tablesOf(store, spec, 't', [...spec.order.map(({ path }) => path), ...(spec.keys ?? [])])
  const { dialect } = store.database
  const slots = slotsOf(conditionsOf(spec), 1)
  const count = spec.hasCount ? [countOf(store, spec, slots).as('n')] : []
  const all = tables.from(store.builder)
  const from = spec.related ? heldToOwners(all, spec.related, { tables, dialect, slots }) : all
  let select = from.select([...count, ...selections(spec, tables)])
  for (const where of wheres(spec, { tables, slots, dialect, builder: store.builder })) select = select.where(where)
  const order = spec.order.map((term) => orderSql(term, tables, dialect))
  const perOwner = spec.related?.perOwner ?? null
  if (perOwner !== null) return firstOfEach(store, select, { spec, tables, order, perOwner }).toOperationNode()
  for (const term of order) select = select.orderBy(term)
  if (spec.window) select = select.limit(sql<number>`${sql.lit(spec.window.limit)}`)
  if (spec.window && spec.window.offset > 0) select = select.offset(sql<number>`${new Slot(slots.next)}`)
  return (spec.lock ? locked(select, spec.lock, { base: tables.base, dialect }) : select).toOperationNode()
}

/** Holds the rows found until the transaction ends. On SQLite the transaction has the one writer: nobody else changes them. */
export function locked(
  select: Select,
  lock: RowLock,
  { base, dialect }: { readonly base: string; readonly dialect: DialectName },
): Select {
  if (dialect === 'sqlite') return select
  if (lock === 'share') return shared(select, dialect)
  // Only PostgreSQL can leave out the tables that are read along; those that may be missing must be.
  const held = dialect === 'postgresql' ? select.forUpdate(base) : select.forUpdate()
  if (lock === 'wait') return held
  return lock === 'no wait' ? held.noWait() : held.skipLocked()
}

/** The weakest lock that a deletion waits for: it holds up no other write. */
function shared(select: Select, dialect: DialectName): Select {
  // MariaDB knows no `for share`; MySQL takes the old words as well.
  return dialect === 'mysql' ? select.modifyEnd(sql`lock in share mode`) : select.forKeyShare()
}

/** Builds the statement that counts the rows of a spec, or tells whether there are any. */
export function countStatement(store: Store, spec: SelectSpec): RootOperationNode {
  return countQuery(store, spec, slotsOf(spec.conditions, 1)).toOperationNode()
}

/**
 * The count beside the rows. Mostly a subquery, which an index answers by itself. Where texts are looked into, all rows
 * must be read anyway: a window counts them without reading them again, in half the time.
 */
function countOf(store: Store, spec: SelectSpec, slots: ConditionSlots) {
  return spec.conditions.some((condition) => comparesBy(condition, TEXT_OPERATORS))
    ? sql<number>`count(*) over ()`
    : countQuery(store, spec, slots)
}

const TEXT_OPERATORS: ReadonlySet<Operator> = new Set([
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'istartswith',
  'endswith',
  'iendswith',
  'regex',
])

function countQuery(store: Store, spec: SelectSpec, slots: ConditionSlots) {
  const { dialect } = store.database
  const tables = tablesOf(store, spec, 'c', [])
  let select = tables.from(store.builder).select(sql<number>`count(*)`.as('n'))
  for (const where of wheres(spec, { tables, slots, dialect, builder: store.builder })) select = select.where(where)
  return select
}

export function tablesOf(
  store: Store,
  spec: SelectSpec,
  prefix: string,
  paths: readonly OrderTerm['path'][],
): JoinedTables {
  const tables = new JoinedTables(store.registry, spec.model, prefix)
  for (const path of paths) tables.add(path.hops)
  addHops(tables, spec.conditions)
  if (prefix === 't') for (const { name } of spec.expansions) tables.add([columnNamed(spec.model, name)])
  return tables
}

export function selections(spec: SelectSpec, tables: JoinedTables) {
  const own = spec.columns.map((name) => sql.ref(tables.column(columnNamed(spec.model, name))))
  const joined = spec.expansions.flatMap(({ name, columns }) => {
    const hop = columnNamed(spec.model, name)
    const target = tables.target(hop)
    return columns.map((column) => sql.ref(tables.columnOver([hop], columnNamed(target, column))))
  })
  const keys = (spec.keys ?? []).map(({ hops, column }) => sql.ref(tables.columnOver(hops, column)))
  const owner = spec.related ? [sql.ref(ownerColumn(spec.related, tables))] : []
  return [...own, ...joined, ...keys, ...owner].map((ref, at) => ref.as(`f${at}`))
}

/** Nulls sort below every value on all three databases, as SQLite and MySQL have it. */
export function orderSql(
  { path, descending }: { readonly path: LookedPath; readonly descending: boolean },
  tables: JoinedTables,
  dialect: DialectName,
): RawBuilder<unknown> {
  const value = lookedSql(path, tables, dialect)
  const mayBeNull = path.column.settings.nullable || path.hops.length > 0
  const nulls = dialect === 'postgresql' && mayBeNull ? (descending ? sql` nulls last` : sql` nulls first`) : sql``
  return sql`${value}${descending ? sql` desc` : sql``}${nulls}`
}
