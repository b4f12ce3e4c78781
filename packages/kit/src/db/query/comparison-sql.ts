import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { ColumnView } from './column-view.ts'
import type { Comparison } from './condition.ts'
import { viewSlots } from './json-place.ts'
import { viewSql } from './view-sql.ts'

export interface ComparisonPlace {
  /** The column, with its table's alias: `t0.name`. */
  readonly column: string
  /** The item of a JSON list that is gone through, where there is one. */
  readonly item: Expression<unknown> | null
  readonly dialect: DialectName
  /** The values' places in the statement. */
  readonly slots: readonly unknown[]
}

/** The SQL of one comparison. */
export function comparisonSql(comparison: Comparison, place: ComparisonPlace): Expression<SqlBool> {
  const { view } = comparison
  const ref = sql.ref(place.column)
  if (!view) return operatorSql(comparison, { ...place, ref })
  const taken = view.type === 'json' ? viewSlots(view, place.dialect) : 0
  const looked = viewSql(view, { ...place, ref, slots: place.slots.slice(0, taken) })
  const slots = place.slots.slice(taken)
  return operatorSql(comparison, {
    ...place,
    ...comparable(view, { looked, slots, comparison, dialect: place.dialect }),
  })
}

interface OperatorPlace {
  readonly ref: Expression<unknown>
  readonly dialect: DialectName
  readonly slots: readonly unknown[]
}

/**
 * The SQL of an operator. Patterns escape with `!`, which the databases treat alike; only on PostgreSQL with its own
 * backslash, since it would work out an `escape` clause anew for every row.
 */
function operatorSql(
  { operator, foldsUnicode }: Comparison,
  { ref, dialect, slots }: OperatorPlace,
): Expression<SqlBool> {
  const value = slots[0]
  switch (operator) {
    case 'exact':
      return sql`${ref} = ${value}`
    case 'gt':
      return sql`${ref} > ${value}`
    case 'gte':
      return sql`${ref} >= ${value}`
    case 'lt':
      return sql`${ref} < ${value}`
    case 'lte':
      return sql`${ref} <= ${value}`
    case 'range':
      return sql`${ref} between ${value} and ${slots[1]}`
    case 'in':
      return sql`${ref} in (${sql.join(slots)})`
    case 'isnull':
      return sql`${ref} is null`
    case 'isnotnull':
      return sql`${ref} is not null`
    case 'never':
      return sql`1 = 0`
    case 'contains':
      return dialect === 'sqlite' ? sql`instr(${ref}, ${value}) > 0` : like(ref, value, dialect)
    case 'startswith':
    case 'endswith':
      return dialect === 'sqlite' ? sql`${ref} glob ${value}` : like(ref, value, dialect)
    case 'iexact':
    case 'icontains':
    case 'istartswith':
    case 'iendswith':
      return foldedLike(ref, value, { dialect, foldsUnicode })
    case 'regex':
      return dialect === 'postgresql' ? sql`${ref} ~ ${value}` : sql`${ref} regexp ${value}`
    case 'json_equal':
      return dialect === 'postgresql' ? sql`${ref} = ${value}::jsonb` : sql`bw_json_equal(${ref}, ${value}) = 1`
    case 'json_contains':
      return dialect === 'postgresql' ? sql`${ref} @> ${value}::jsonb` : sql`bw_json_contains(${ref}, ${value}) = 1`
    case 'json_contained_by':
      return containedBySql(ref, value, dialect)
  }
}

function containedBySql(ref: unknown, value: unknown, dialect: DialectName): Expression<SqlBool> {
  if (dialect === 'postgresql') return sql`${ref} <@ ${value}::jsonb`
  return dialect === 'mysql' ? sql`json_contains(${value}, ${ref})` : sql`bw_json_contains(${value}, ${ref}) = 1`
}

const BY_ORDER = new Set<Comparison['operator']>(['exact', 'gt', 'gte', 'lt', 'lte', 'range', 'in'])

interface LookedParts {
  readonly looked: Expression<unknown>
  readonly slots: readonly unknown[]
  readonly comparison: Comparison
  readonly dialect: DialectName
}

/** What is taken from JSON, and the values it is compared with, in types that compare as those of columns do. */
function comparable(
  view: ColumnView,
  { looked, slots, comparison, dialect }: LookedParts,
): Pick<OperatorPlace, 'ref' | 'slots'> {
  if (view.type === 'part' || !BY_ORDER.has(comparison.operator)) return { ref: looked, slots }
  if (view.as === 'text' && dialect === 'mysql') return { ref: sql`cast(${looked} as binary)`, slots }
  if (view.as !== 'number' || dialect === 'sqlite') return { ref: looked, slots }
  const number = (slot: unknown) => (dialect === 'mysql' ? sql`(${slot} + 0e0)` : sql`${slot}::numeric`)
  return { ref: looked, slots: slots.map(number) }
}

const like = (ref: unknown, value: unknown, dialect: DialectName): RawBuilder<SqlBool> =>
  dialect === 'postgresql' ? sql`${ref} like ${value}` : sql`${ref} like ${value} escape '!'`

/**
 * A comparison that does not tell upper from lower case. A pattern of ASCII needs only ASCII folded, which SQLite's
 * `like` and PostgreSQL's `ilike` under the collation "C" do; other letters need the Unicode tables.
 */
function foldedLike(
  ref: unknown,
  value: unknown,
  { dialect, foldsUnicode }: { readonly dialect: DialectName; readonly foldsUnicode: boolean },
): Expression<SqlBool> {
  switch (dialect) {
    case 'mysql':
      return sql`lower(${ref}) like lower(${value}) escape '!'`
    case 'sqlite':
      return foldsUnicode ? like(sql`bw_lower(${ref})`, value, dialect) : like(ref, value, dialect)
    case 'postgresql':
      return foldsUnicode
        ? sql`lower(${ref} collate "und-x-icu") like lower(${value} collate "und-x-icu")`
        : sql`${ref} ilike ${value}`
  }
}
