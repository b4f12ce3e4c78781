import type { DialectName } from '../dialects/index.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind, Json } from './field-kind.ts'
import { JSON_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { flawOf } from './text-rules.ts'

export type JsonField<Value extends Json = Json> = Field<{
  value: Value
  input: Value
  lookup: (typeof JSON_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** Any JSON value of at most 100,000 characters, nested at most 30 deep. Keys and values come back as they went in; the order of keys may not. */
export function json<Value extends Json = Json>(options: CommonOptions<Value> = {}): JsonField<Value> {
  return fieldOf(JSON_KIND, options)
}

/** MariaDB keeps no JSON of more than 31 lists and objects inside each other. */
const MAX_DEPTH = 30
/** As JSON text: what a page of 200 records must bear. */
const MAX_LENGTH = 100_000

const JSON_KIND: FieldKind<Json, Json> = {
  name: 'json',
  positional: [],
  params: {},
  lookups: JSON_LOOKUPS,
  searchable: false,
  columnType: jsonColumn,
  parse: (input) => problemOf(input) ?? sizeProblemOf(input) ?? (input as Json), // as: just found to be JSON
  parseText: () => new Problem('A JSON field cannot be given as text.'),
  encode: (value) => JSON.stringify(value),
  decode: (raw) => JSON.parse(String(raw)),
  jsonSource: (raw) => raw,
  schema: {},
  example: ['vip'],
}

export function jsonColumn(dialect: DialectName): string {
  if (dialect === 'postgresql') return 'jsonb'
  // On SQLite the word "text" in the type keeps '123' from becoming a number.
  return dialect === 'mysql' ? 'json' : 'json text'
}

function sizeProblemOf(input: unknown): Problem | null {
  if (JSON.stringify(input).length <= MAX_LENGTH) return null
  return new Problem(`Ensure this value has no more than ${MAX_LENGTH} characters as JSON.`)
}

/** Looks through the value level by level: recursion would end with the stack of a hostile nesting. */
function problemOf(input: unknown): Problem | null {
  let level: unknown[] = [input]
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const value of level) {
      const flaw = flawOfScalar(value)
      if (flaw) return new Problem(flaw)
      if (typeof value !== 'object' || value === null) continue
      if (depth === MAX_DEPTH) return new Problem(`Value must not be nested more than ${MAX_DEPTH} levels deep.`)
      const badKey = Array.isArray(value) ? null : flawOfKeys(value)
      if (badKey) return new Problem(badKey)
      for (const child of Object.values(value)) next.push(child)
    }
    level = next
  }
  return null
}

function flawOfKeys(value: object): string | null {
  for (const key of Object.keys(value)) {
    const flaw = flawOf(key)
    if (flaw) return flaw
  }
  return null
}

function flawOfScalar(value: unknown): string | null {
  if (typeof value === 'string') return flawOf(value)
  if (typeof value === 'number') return flawOfNumber(value)
  const isJson = value === null || typeof value === 'boolean' || Array.isArray(value) || isPlain(value)
  return isJson ? null : 'Value must be valid JSON.'
}

/** PostgreSQL writes numbers out in full: without bounds a short `1e300` would come back as 301 digits. */
const LARGEST = 1e40
const SMALLEST = 1e-40

function flawOfNumber(value: number): string | null {
  if (!Number.isFinite(value)) return 'Out of range float values are not JSON compliant.'
  const size = Math.abs(value)
  return size <= LARGEST && (size >= SMALLEST || size === 0) ? null : 'Numbers must be 0 or from 1e-40 to 1e40 in size.'
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
