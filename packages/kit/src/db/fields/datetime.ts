import type { DialectName } from '../dialects/index.ts'
import { isCalendarDate, trimFraction, trimStored } from './date-rules.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { DATETIME_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'

export type DatetimeField = Field<{
  value: Date
  input: Date | string
  lookup: (typeof DATETIME_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * A moment, kept in UTC to the microsecond. Rows hold a `Date`, which ends at the millisecond; JSON has every place:
 * `2026-01-31T09:30:00.123456Z`. Input must say its zone (`Z` or `+03:00`).
 */
export function datetime(options: CommonOptions<Date> = {}): DatetimeField {
  return fieldOf(DATETIME_KIND, options)
}

/** Stored as `YYYY-MM-DD hh:mm:ss[.ffffff]` in UTC, which sorts as text on SQLite. */
export const DATETIME_KIND: FieldKind<Date, string> = {
  name: 'datetime',
  positional: [],
  params: {},
  lookups: DATETIME_LOOKUPS,
  searchable: false,
  columnType,
  parse: parseDatetime,
  parseText: parseWritten,
  encode: (value, dialect) => (dialect === 'postgresql' ? `${value}+00` : value),
  decode: (raw) => new Date(`${wireText(String(raw))}`),
  jsonSource: (raw, dialect) => `'"' + ${wireSource(raw, dialect)} + '"'`,
  schema: { type: 'string', format: 'date-time' },
  example: '2026-01-31T09:30:00Z',
}

/** In a query string a date alone is the beginning of that day in UTC, and an unescaped + arrives as a space. */
function parseWritten(text: string): string | Problem {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return parseDatetime(`${text}T00:00:00Z`)
  return parseDatetime(text.replace(/ (\d{2}:?\d{2})$/, '+$1'))
}

function columnType(dialect: DialectName): string {
  if (dialect === 'postgresql') return 'timestamptz(6)'
  return dialect === 'mysql' ? 'datetime(6)' : 'datetime'
}

/** The stored text of a moment as ISO 8601 in UTC. */
export function wireText(stored: string): string {
  const bare = stored.endsWith('+00') ? stored.slice(0, -3) : stored
  return `${bare.slice(0, 10)}T${trimStored(bare.slice(11))}Z`
}

function wireSource(raw: string, dialect: DialectName): string {
  if (dialect === 'postgresql') return `${raw}.slice(0, 10) + 'T' + ${raw}.slice(11, -3) + 'Z'`
  const rest = dialect === 'mysql' ? `trimStored(${raw}.slice(11))` : `${raw}.slice(11)`
  return `${raw}.slice(0, 10) + 'T' + ${rest} + 'Z'`
}

/** A `Date` in the stored form. */
export function storedMoment(moment: Date): string {
  const iso = moment.toISOString()
  return `${iso.slice(0, 10)} ${trimStored(iso.slice(11, -1))}`
}

const FORMAT =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].'
const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?(Z|z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/

function parseDatetime(input: unknown): string | Problem {
  if (input instanceof Date)
    return inRange(input.getTime()) ? storedMoment(input) : new Problem('Datetime value out of range.')
  if (typeof input !== 'string') return new Problem(FORMAT)
  const parts = PATTERN.exec(input)
  if (!parts) return new Problem(/^\d{4}-\d{2}-\d{2}$/.test(input) ? 'Expected a datetime but got a date.' : FORMAT)
  const [, year, month, day, hour, minute, second = '00', fraction, zone] = parts
  if (!isCalendarDate(Number(year), Number(month), Number(day))) return new Problem(FORMAT)
  if (zone === undefined && !STORED.test(input)) {
    return new Problem('Datetime needs a time zone: end it with Z or with an offset such as +03:00.')
  }
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  const moment = local - offsetMs(zone ?? 'Z')
  if (!inRange(moment)) return new Problem('Datetime value out of range.')
  return storedMoment(new Date(moment)) + trimFraction(fraction)
}

/** The form that this kind stores: taken back as it is, so that what was parsed once can be parsed again. */
const STORED = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$/

const EARLIEST = Date.parse('0001-01-01T00:00:00Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')
const inRange = (moment: number): boolean => moment >= EARLIEST && moment <= LATEST

function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
