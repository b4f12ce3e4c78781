import type { DialectName } from '../dialects/index.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind, Json, JsonSchema } from './field-kind.ts'
import { TEXT_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { parseText } from './text-rules.ts'

export interface TextOptions extends CommonOptions<string> {
  /** Characters (code points) at the most. */
  readonly max?: number
  /** Characters at the least. */
  readonly min?: number
  /** Takes the empty text as a value. */
  readonly blank?: boolean
}

export type TextField = Field<{
  value: string
  input: string
  lookup: (typeof TEXT_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

interface TextKindOptions extends TextOptions {
  readonly name: string
  /** A pattern of the whole text, with what to say when it does not match. */
  readonly pattern?: { readonly test: (text: string) => boolean; readonly message: string }
  /** Makes the form that is stored. */
  readonly normalize?: (text: string) => string
  readonly keepSpace?: boolean
  readonly format?: string
  readonly schema?: JsonSchema
  readonly usualExample: Json
  /** The default of `max`, which is then not printed in migrations. */
  readonly usualMax?: number
  /** Whether the column takes texts of any length; then `max` is only checked. */
  readonly isLong?: boolean
}

/** A short text of one line: a name, a title. At most 200 characters unless `max` says otherwise. */
export function text(options: TextOptions = {}): TextField {
  return textField({ ...options, name: 'text', usualMax: 200, usualExample: 'Acme' })
}

/** A field whose values are texts, from the rules of its kind. */
export function textField(options: TextKindOptions): TextField {
  const max = options.max ?? options.usualMax
  const highest = options.isLong ? 10_000_000 : 16_000
  if (max !== undefined && (!Number.isInteger(max) || max < 1 || max > highest)) {
    throw new RangeError(
      `Cannot declare ${options.name}(): max must be a whole number from 1 to ${highest}, got ${max}`,
    )
  }
  return fieldOf(textKind(options, max), options)
}

function textKind(options: TextKindOptions, max: number | undefined): FieldKind<string, string> {
  const { pattern, normalize } = options
  const rules = {
    ...(max === undefined ? {} : { max }),
    ...(options.min === undefined ? {} : { min: options.min }),
    ...(options.blank ? { blank: true } : {}),
    ...(options.keepSpace ? { keepSpace: true } : {}),
  }
  const parse = (input: unknown): string | Problem => {
    const parsed = parseText(input, rules)
    if (parsed instanceof Problem || parsed === '') return parsed
    if (pattern && !pattern.test(parsed)) return new Problem(pattern.message)
    return normalize ? normalize(parsed) : parsed
  }
  return {
    name: options.name,
    positional: [],
    params: paramsOf(options),
    lookups: TEXT_LOOKUPS,
    searchable: true,
    columnType: (dialect) => textColumn(dialect, options.isLong ? undefined : max),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: String,
    jsonSource: (raw) => `quote(${raw})`,
    schema: {
      type: 'string',
      ...(max === undefined ? {} : { maxLength: max }),
      ...(options.min !== undefined ? { minLength: options.min } : options.blank ? {} : { minLength: 1 }),
      ...(options.format ? { format: options.format } : {}),
      ...options.schema,
    },
    example: options.usualExample,
  }
}

function paramsOf({ max, min, blank }: TextKindOptions): { readonly [option: string]: Json } {
  return {
    ...(max === undefined ? {} : { max }),
    ...(min === undefined ? {} : { min }),
    ...(blank ? { blank } : {}),
  }
}

/**
 * The column of a text. Texts are compared and sorted by code point on all three databases, so that `=`, `order by`
 * and unique keys mean the same everywhere: PostgreSQL by its collation "C", SQLite by default, MySQL by the table's.
 */
export function textColumn(dialect: DialectName, max: number | undefined): string {
  switch (dialect) {
    case 'postgresql':
      return max === undefined ? 'text collate "C"' : `varchar(${max}) collate "C"`
    case 'mysql':
      return max === undefined ? 'longtext' : `varchar(${max})`
    case 'sqlite':
      return max === undefined ? 'text' : `varchar(${max})`
  }
}
