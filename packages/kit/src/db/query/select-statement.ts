import { type Expression, type RawBuilder, type RootOperationNode, type SqlBool, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { columnNamed } from '../models/index.ts'
import { comparisonSql } from './comparison-sql.ts'
import { type Comparison, type Condition, eachComparison } from './condition.ts'
import { JoinedTables } from './joined-tables.ts'
import type { OrderTerm, SelectSpec } from './select-spec.ts'
import { Slot } from './slot.ts'
import type { Store } from './store.ts'

/** Builds the statement of a spec. Slots stand where its values go, in the order of `valuesOfSpec`. */
export function selectStatement(store: Store, spec: SelectSpec): RootOperationNode {
  const tables = tablesOf(store, spec, 't', [...spec.order.map(({ path }) => path)])
  const slots = slotsOf(spec)
  const count = spec.hasCount ? [countQuery(store, spec, slots).as('n')] : []
  let select = tables.from(store.builder).select([...count, ...selections(spec, tables)])
  for (const where of wheres(store, spec, tables, slots)) select = select.where(where)
  for (const term of spec.order) select = select.orderBy(orderSql(term, tables, store.database.dialect))
  if (spec.window) {
    const { limit, offset } = slots
    select = select.limit(sql<number>`${limit}`).offset(sql<number>`${offset}`)
  }
  return select.toOperationNode()
}

/** Builds the statement that counts the rows of a spec, or tells whether there are any. */
export function countStatement(store: Store, spec: SelectSpec): RootOperationNode {
  return countQuery(store, spec, slotsOf(spec)).toOperationNode()
}

function countQuery(store: Store, spec: SelectSpec, slots: SpecSlots) {
  const tables = tablesOf(store, spec, 'c', [])
  let select = tables.from(store.builder).select(sql<number>`count(*)`.as('n'))
  for (const where of wheres(store, spec, tables, slots)) select = select.where(where)
  return select
}

function tablesOf(store: Store, spec: SelectSpec, prefix: string, paths: readonly OrderTerm['path'][]): JoinedTables {
  const tables = new JoinedTables(store.registry, spec.model, prefix)
  for (const path of paths) tables.add(path.hops)
  for (const condition of spec.conditions) eachComparison(condition, ({ path }) => tables.add(path.hops))
  if (prefix === 't') for (const { name } of spec.expansions) tables.add([columnNamed(spec.model, name)])
  return tables
}

function selections(spec: SelectSpec, tables: JoinedTables) {
  const own = spec.columns.map((name) => sql.ref(tables.column(columnNamed(spec.model, name))))
  const joined = spec.expansions.flatMap(({ name, columns }) => {
    const hop = columnNamed(spec.model, name)
    const target = tables.target(hop)
    return columns.map((column) => sql.ref(tables.columnOver([hop], columnNamed(target, column))))
  })
  return [...own, ...joined].map((ref, at) => ref.as(`f${at}`))
}

interface SpecSlots {
  readonly of: ReadonlyMap<Comparison, readonly Slot[]>
  readonly limit: Slot
  readonly offset: Slot
}

function slotsOf(spec: SelectSpec): SpecSlots {
  const of = new Map<Comparison, Slot[]>()
  let next = 1
  for (const condition of spec.conditions) {
    eachComparison(condition, (comparison) => {
      of.set(
        comparison,
        comparison.values.map(() => new Slot(next++)),
      )
    })
  }
  return { of, limit: new Slot(next), offset: new Slot(next + 1) }
}

function wheres(store: Store, spec: SelectSpec, tables: JoinedTables, slots: SpecSlots): Expression<SqlBool>[] {
  const place = { tables, slots, dialect: store.database.dialect }
  const found = spec.conditions.map((condition) => conditionSql(condition, place))
  const deletion = deletionSql(spec, tables)
  return deletion ? [deletion, ...found] : found
}

function deletionSql(spec: SelectSpec, tables: JoinedTables): Expression<SqlBool> | null {
  if (!spec.model.hasSoftDelete || spec.deleted === 'with') return null
  const ref = sql.ref(`${tables.base}.deleted_at`)
  return spec.deleted === 'only' ? sql`${ref} is not null` : sql`${ref} is null`
}

interface ConditionPlace {
  readonly tables: JoinedTables
  readonly slots: SpecSlots
  readonly dialect: DialectName
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

/** Nulls sort below every value on all three databases, as SQLite and MySQL have it. */
function orderSql({ path, descending }: OrderTerm, tables: JoinedTables, dialect: DialectName): RawBuilder<unknown> {
  const ref = sql.ref(tables.columnOver(path.hops, path.column))
  const mayBeNull = path.column.settings.nullable || path.hops.length > 0
  const nulls = dialect === 'postgresql' && mayBeNull ? (descending ? sql` nulls last` : sql` nulls first`) : sql``
  return sql`${ref}${descending ? sql` desc` : sql``}${nulls}`
}
