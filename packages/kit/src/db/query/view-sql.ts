import { type Expression, sql } from 'kysely'
import type { ColumnView, PartView } from './column-view.ts'
import { jsonViewSql } from './json-view-sql.ts'
import type { ViewPlace } from './view-place.ts'

/** The SQL of a column as a view looks at it. */
export function viewSql(view: ColumnView, place: ViewPlace): Expression<unknown> {
  if (view.type === 'json') return jsonViewSql(view, place)
  switch (place.dialect) {
    case 'sqlite':
      return sqlitePart(view, place.ref)
    case 'mysql':
      return mysqlPart(view, place.ref)
    case 'postgresql':
      return postgresqlPart(view, place.ref)
  }
}

/** Texts such as `2026-01-31 09:30:00.5`: what is counted by weeks is worked out from the day alone, for no second rounds it up. */
function sqlitePart({ part, of }: PartView, ref: Expression<unknown>): Expression<unknown> {
  const clock = of === 'time' ? ref : sql`substr(${ref}, 12)`
  const day = of === 'date' ? ref : sql`substr(${ref}, 1, 10)`
  const number = (text: Expression<unknown>) => sql`cast(${text} as integer)`
  switch (part) {
    case 'date':
      return day
    case 'time':
      return clock
    case 'year':
      return number(sql`substr(${ref}, 1, 4)`)
    case 'month':
      return number(sql`substr(${ref}, 6, 2)`)
    case 'quarter':
      return sql`(cast(substr(${ref}, 6, 2) as integer) + 2) / 3`
    case 'day':
      return number(sql`substr(${ref}, 9, 2)`)
    case 'hour':
      return number(sql`substr(${clock}, 1, 2)`)
    case 'minute':
      return number(sql`substr(${clock}, 4, 2)`)
    case 'second':
      return number(sql`substr(${clock}, 7, 2)`)
    case 'week':
      return number(sql`strftime('%V', ${day})`)
    case 'iso_year':
      return number(sql`strftime('%G', ${day})`)
    case 'iso_week_day':
      return number(sql`strftime('%u', ${day})`)
    case 'week_day':
      return sql`cast(strftime('%w', ${day}) as integer) + 1`
  }
}

function postgresqlPart({ part, of }: PartView, ref: Expression<unknown>): Expression<unknown> {
  const moment = of === 'datetime' ? sql`(${ref} at time zone 'UTC')` : ref
  switch (part) {
    case 'date':
      return sql`${moment}::date`
    case 'time':
      return sql`${moment}::time`
    case 'iso_year':
      return sql`extract(isoyear from ${moment})`
    case 'iso_week_day':
      return sql`extract(isodow from ${moment})`
    case 'week_day':
      return sql`(extract(dow from ${moment}) + 1)`
    case 'second':
      return sql`floor(extract(second from ${moment}))`
    default:
      return sql`extract(${sql.raw(part)} from ${moment})`
  }
}

function mysqlPart({ part }: PartView, ref: Expression<unknown>): Expression<unknown> {
  switch (part) {
    case 'week':
      return sql`week(${ref}, 3)`
    case 'iso_year':
      return sql`yearweek(${ref}, 3) div 100`
    case 'day':
      return sql`dayofmonth(${ref})`
    case 'week_day':
      return sql`dayofweek(${ref})`
    case 'iso_week_day':
      return sql`weekday(${ref}) + 1`
    // As texts of their canonical forms, so that the value need not be of their type.
    case 'date':
      return sql`date_format(${ref}, '%Y-%m-%d')`
    case 'time':
      return sql`trim(trailing '.' from trim(trailing '0' from time_format(${ref}, '%H:%i:%s.%f')))`
    default:
      return sql`${sql.raw(part)}(${ref})`
  }
}
