import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { Comparison } from './condition.ts'

export interface ComparisonPlace {
  /** The column, with its table's alias: `t0.name`. */
  readonly column: string
  readonly dialect: DialectName
  /** The values' places in the statement. */
  readonly slots: readonly unknown[]
}

/**
 * The SQL of one comparison. Patterns escape with `!`, which the databases treat alike; only on PostgreSQL with its own
 * backslash, since it would work out an `escape` clause anew for every row.
 */
export function comparisonSql(
  { operator, foldsUnicode }: Comparison,
  { column, dialect, slots }: ComparisonPlace,
): Expression<SqlBool> {
  const ref = sql.ref(column)
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
      return foldedLike(ref, value, { dialect, foldsUnicode })
  }
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
