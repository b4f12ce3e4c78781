import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { BOOLEAN_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'

export type BooleanField = Field<{
  value: boolean
  input: boolean
  lookup: (typeof BOOLEAN_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** True or false. */
export function boolean(options: CommonOptions<boolean> = {}): BooleanField {
  return fieldOf(BOOLEAN_KIND, options)
}

const WORDS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...['t', 'true', 'y', 'yes', 'on', '1', 1, true].map((word) => [word, true] as const),
  ...['f', 'false', 'n', 'no', 'off', '0', 0, false].map((word) => [word, false] as const),
])

const BOOLEAN_KIND: FieldKind<boolean, boolean> = {
  name: 'boolean',
  positional: [],
  params: {},
  lookups: BOOLEAN_LOOKUPS,
  searchable: false,
  columnType: (dialect) => (dialect === 'mysql' ? 'tinyint(1)' : 'boolean'),
  parse: parseBoolean,
  parseText: parseBoolean,
  encode: (value, dialect) => (dialect === 'postgresql' ? (value ? 't' : 'f') : value ? 1 : 0),
  decode: isTrue,
  jsonSource: (raw, dialect) => `(${dialect === 'postgresql' ? `${raw} === 't'` : `${raw} == 1`} ? 'true' : 'false')`,
  schema: { type: 'boolean' },
  example: true,
}

function parseBoolean(input: unknown): boolean | Problem {
  const value = WORDS.get(typeof input === 'string' ? input.trim().toLowerCase() : input)
  return value ?? new Problem('Must be a valid boolean.')
}

function isTrue(raw: unknown): boolean {
  return raw === 't' || raw === 1 || raw === '1' || raw === 1n
}
