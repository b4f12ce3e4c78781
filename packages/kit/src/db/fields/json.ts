import type { DialectName } from '../dialects/index.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind, Json } from './field-kind.ts'
import { PRESENCE_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { flawOf } from './text-rules.ts'

export type JsonField<Value extends Json = Json> = Field<{
  value: Value
  input: Value
  lookup: (typeof PRESENCE_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** Any JSON value, nested at most 32 deep. Keys and values come back as they went in; the order of keys may not. */
export function json<Value extends Json = Json>(options: CommonOptions = {}): JsonField<Value> {
  return fieldOf(JSON_KIND, options)
}

const MAX_DEPTH = 32

const JSON_KIND: FieldKind<Json, Json> = {
  name: 'json',
  positional: [],
  params: {},
  lookups: PRESENCE_LOOKUPS,
  searchable: false,
  columnType,
  parse: (input) => problemOf(input) ?? (input as Json), // as: just found to be JSON
  parseText: () => new Problem('A JSON field cannot be given as text.'),
  encode: (value) => JSON.stringify(value),
  decode: (raw) => JSON.parse(String(raw)),
  jsonSource: (raw) => raw,
  schema: {},
  example: ['vip'],
}

function columnType(dialect: DialectName): string {
  if (dialect === 'postgresql') return 'jsonb'
  // On SQLite the word "text" in the type keeps '123' from becoming a number.
  return dialect === 'mysql' ? 'json' : 'json text'
}

/** Looks through the value level by level: recursion would end with the stack of a hostile nesting. */
function problemOf(input: unknown): Problem | null {
  let level: unknown[] = [input]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return new Problem(`Value must not be nested more than ${MAX_DEPTH} levels deep.`)
    const next: unknown[] = []
    for (const value of level) {
      const flaw = flawOfScalar(value)
      if (flaw) return new Problem(flaw)
      if (typeof value !== 'object' || value === null) continue
      if (!Array.isArray(value)) next.push(...Object.keys(value))
      for (const child of Object.values(value)) next.push(child)
    }
    level = next
  }
  return null
}

function flawOfScalar(value: unknown): string | null {
  if (typeof value === 'string') return flawOf(value)
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : 'Out of range float values are not JSON compliant.'
  const isJson = value === null || typeof value === 'boolean' || Array.isArray(value) || isPlain(value)
  return isJson ? null : 'Value must be valid JSON.'
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
