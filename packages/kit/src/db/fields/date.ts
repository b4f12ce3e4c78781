import { isCalendarDate } from './date-rules.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { DATE_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'

export type DateField = Field<{
  value: string
  input: string
  lookup: (typeof DATE_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** A day of the calendar without a time or a zone, as the text `YYYY-MM-DD`. */
export function date(options: CommonOptions<string> = {}): DateField {
  return fieldOf(DATE_KIND, options)
}

const DATE_KIND: FieldKind<string, string> = {
  name: 'date',
  positional: [],
  params: {},
  lookups: DATE_LOOKUPS,
  searchable: false,
  columnType: () => 'date',
  parse: parseDate,
  parseText: parseDate,
  encode: (value) => value,
  decode: String,
  jsonSource: (raw) => `'"' + ${raw} + '"'`,
  schema: { type: 'string', format: 'date' },
  example: '1990-05-17',
}

const WRONG = 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'

function parseDate(input: unknown): string | Problem {
  if (typeof input !== 'string') return new Problem(WRONG)
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(input)
  if (parts && isCalendarDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return input
  return new Problem(/^\d{4}-\d{2}-\d{2}[T ]\d/.test(input) ? 'Expected a date but got a datetime.' : WRONG)
}
