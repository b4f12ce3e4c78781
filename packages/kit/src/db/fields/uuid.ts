import type { DialectName } from '../dialects/index.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { IDENTITY_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'

export type UuidField = Field<{
  value: string
  input: string
  lookup: (typeof IDENTITY_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** A UUID, kept in the canonical form: lower case with hyphens. */
export function uuid(options: CommonOptions<string> = {}): UuidField {
  return fieldOf(UUID_KIND, options)
}

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const COMPACT = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/

export const UUID_KIND: FieldKind<string, string> = {
  name: 'uuid',
  positional: [],
  params: {},
  lookups: IDENTITY_LOOKUPS,
  searchable: false,
  columnType: uuidColumn,
  parse: parseUuid,
  parseText: parseUuid,
  encode: (value) => value,
  decode: String,
  jsonSource: (raw) => `'"' + ${raw} + '"'`,
  schema: { type: 'string', format: 'uuid' },
  example: '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47',
}

function uuidColumn(dialect: DialectName): string {
  if (dialect === 'postgresql') return 'uuid'
  return dialect === 'mysql' ? 'char(36) character set ascii collate ascii_bin' : 'char(36)'
}

function parseUuid(input: unknown): string | Problem {
  if (typeof input !== 'string') return new Problem('Must be a valid UUID.')
  if (CANONICAL.test(input)) return input
  const parts = COMPACT.exec(input.toLowerCase())
  return parts ? parts.slice(1).join('-') : new Problem('Must be a valid UUID.')
}
