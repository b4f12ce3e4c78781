import { type Expression, sql } from 'kysely'
import type { JsonView } from './column-view.ts'
import type { ViewPlace } from './view-place.ts'

/** The SQL of what a JSON column holds at a place. */
export function jsonViewSql(view: JsonView, place: ViewPlace): Expression<unknown> {
  switch (place.dialect) {
    case 'sqlite':
      return sqliteView(view, place)
    case 'mysql':
      return mysqlView(view, place)
    case 'postgresql':
      return postgresqlView(view, place)
  }
}

function sqliteView({ as }: JsonView, { ref, slots }: ViewPlace): Expression<unknown> {
  const [path] = slots
  const type = sql`json_type(${ref}, ${path})`
  const value = sql`json_extract(${ref}, ${path})`
  switch (as) {
    case 'text':
      return sql`(case ${type} when 'text' then ${value} end)`
    case 'number':
      return sql`(case when ${type} in ('integer', 'real') then ${value} end)`
    case 'literal':
      return sql`(case when ${type} in ('true', 'false', 'null') then ${type} end)`
    case 'type':
      return type
    default:
      return sql`(${ref} -> ${path})`
  }
}

function postgresqlView({ as, steps }: JsonView, { ref, slots }: ViewPlace): Expression<unknown> {
  const value = steps.reduce<Expression<unknown>>((inner, step, at) => {
    if (typeof step !== 'number') return sql`${inner} -> ${slots[at]}::text`
    // A value that is no list counts as a list of itself here: `'5'::jsonb -> 0` is 5.
    return sql`(case jsonb_typeof(${inner}) when 'array' then ${inner} -> ${slots[at]}::int end)`
  }, ref)
  const type = sql`jsonb_typeof(${value})`
  switch (as) {
    case 'text':
      return sql`(case ${type} when 'string' then (${value}) #>> '{}' end) collate "C"`
    case 'number':
      return sql`(case ${type} when 'number' then (${value})::numeric end)`
    case 'literal':
      return sql`(case when ${type} in ('boolean', 'null') then (${value})::text end)`
    case 'type':
      return type
    default:
      return sql`(${value})`
  }
}

function mysqlView({ as, from, steps }: JsonView, { ref, item, slots }: ViewPlace): Expression<unknown> {
  const source = from === 'item' && item ? item : ref
  const lists = steps.filter((step) => typeof step === 'number').length
  const found = sql`json_extract(${source}, ${slots[lists]})`
  const areLists = slots.slice(0, lists).map((path) => sql`json_type(json_extract(${source}, ${path})) = 'ARRAY'`)
  const value = lists === 0 ? found : sql`case when ${sql.join(areLists, sql` and `)} then ${found} end`
  const type = sql`json_type(${value})`
  switch (as) {
    case 'text':
      return sql`(case ${type} when 'STRING' then json_unquote(${value}) end)`
    case 'number':
      return sql`(case when ${type} in ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') then json_unquote(${value}) + 0e0 end)`
    case 'literal':
      return sql`(case ${type} when 'BOOLEAN' then json_unquote(${value}) when 'NULL' then 'null' end)`
    case 'type':
      return sql`lower(${type})`
    case 'length':
      return sql`json_length(${value})`
    case 'keys':
      return sql`json_keys(${value})`
    case 'value':
      return value
  }
}
