import { trimFraction, trimStored } from './date-rules.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { TIME_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'

export type TimeField = Field<{
  value: string
  input: string
  lookup: (typeof TIME_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** A time of day without a date or a zone, as the text `hh:mm:ss` with up to six places of a second. */
export function time(options: CommonOptions<string> = {}): TimeField {
  return fieldOf(TIME_KIND, options)
}

const TIME_KIND: FieldKind<string, string> = {
  name: 'time',
  positional: [],
  params: {},
  lookups: TIME_LOOKUPS,
  searchable: false,
  columnType: (dialect) => (dialect === 'sqlite' ? 'time' : 'time(6)'),
  parse: parseTime,
  parseText: parseTime,
  encode: (value) => value,
  decode: (raw, dialect) => (dialect === 'mysql' ? trimStored(String(raw)) : String(raw)),
  jsonSource: (raw, dialect) => `'"' + ${dialect === 'mysql' ? `trimStored(${raw})` : raw} + '"'`,
  schema: { type: 'string', pattern: '^\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?$' },
  example: '09:30:00',
}

const PATTERN = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/

function parseTime(input: unknown): string | Problem {
  const parts = typeof input === 'string' ? PATTERN.exec(input) : null
  if (!parts) {
    return new Problem('Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].')
  }
  return `${parts[1]}:${parts[2]}:${parts[3] ?? '00'}${trimFraction(parts[4])}`
}
