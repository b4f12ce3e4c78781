import { type RawBuilder, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { comparisonSql } from './comparison-sql.ts'
import type { ConditionSlots } from './condition-sql.ts'
import type { JoinedTables } from './joined-tables.ts'
import { pointsToModel } from './pointing-rows.ts'
import type { RelatedRows, SelectSpec } from './select-spec.ts'
import type { Store } from './store.ts'

type Select = ReturnType<JoinedTables['from']>

/** The table of pairs, where rows are reached over one. */
const PAIRS = 'p'

/** Where the id of a row's owner stands. */
export const ownerColumn = ({ relation }: RelatedRows, tables: JoinedTables): string =>
  relation.through ? `${PAIRS}.${relation.column.column}` : tables.column(relation.column)

interface OwnersPlace {
  readonly tables: JoinedTables
  readonly dialect: DialectName
  readonly slots: ConditionSlots
}

/** Keeps the rows that the relation leads to from its owners; one that several have comes once for each. */
export function heldToOwners(select: Select, related: RelatedRows, { tables, dialect, slots }: OwnersPlace): Select {
  const { relation, owners } = related
  const column = ownerColumn(related, tables)
  const held = comparisonSql(owners, { column, item: null, dialect, slots: slots.of.get(owners) ?? [] })
  const { through, type } = relation
  if (!through) return type ? select.where(held).where(pointsToModel(tables, type)) : select.where(held)
  const paired = select
    .innerJoin(`${through.model.table} as ${PAIRS}`, `${PAIRS}.${through.onward.column}`, `${tables.base}.id`)
    .where(held)
  return through.model.hasSoftDelete ? paired.where(`${PAIRS}.deleted_at`, 'is', null) : paired
}

interface FirstParts {
  readonly spec: SelectSpec
  readonly tables: JoinedTables
  readonly order: readonly RawBuilder<unknown>[]
  readonly perOwner: number
}

/** The first rows of each owner, in order: the database gives no more of them than that. */
export function firstOfEach(store: Store, select: Select, { spec, tables, order, perOwner }: FirstParts) {
  const { related, columns, expansions, keys = [] } = spec
  const owner = related ? ownerColumn(related, tables) : `${tables.base}.id`
  const place = sql<number>`row_number() over (partition by ${sql.ref(owner)} order by ${sql.join(order)})`
  const width = columns.length + keys.length + 1 + expansions.reduce((sum, other) => sum + other.columns.length, 0)
  const names = Array.from({ length: width }, (_, at) => `w.f${at}`)
  return store.builder
    .selectFrom(select.select(place.as('place')).as('w'))
    .select(names)
    .where('w.place', '<=', sql<number>`${sql.lit(perOwner)}`)
    .orderBy('w.place')
}
