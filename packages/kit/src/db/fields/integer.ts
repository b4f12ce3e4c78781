import type { DialectName } from '../dialects/index.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { ORDERED_LOOKUPS } from './lookup.ts'
import { atLeast, atMost, type Bounds, boundsParams } from './number-rules.ts'
import { Problem } from './problem.ts'

export interface IntegerOptions extends CommonOptions<number> {
  readonly min?: number
  readonly max?: number
}

export type IntegerField = Field<{
  value: number
  input: number
  lookup: (typeof ORDERED_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** A whole number of 32 bits: -2,147,483,648 to 2,147,483,647. */
export function integer(options: IntegerOptions = {}): IntegerField {
  return fieldOf(integerKind('integer', options), options)
}

/** What an integer's column holds. */
interface Width {
  readonly lowest: number
  readonly highest: number
  columnType(dialect: DialectName): string
}

const INTEGER: Width = {
  lowest: -2_147_483_648,
  highest: 2_147_483_647,
  columnType: (dialect) => (dialect === 'mysql' ? 'int' : 'integer'),
}

const SMALL_INTEGER: Width = { lowest: -32_768, highest: 32_767, columnType: () => 'smallint' }

const WIDTHS = {
  integer: INTEGER,
  positiveInteger: { ...INTEGER, lowest: 0 },
  smallInteger: SMALL_INTEGER,
  positiveSmallInteger: { ...SMALL_INTEGER, lowest: 0 },
}

/** The kind of whole numbers that are exact as JSON numbers, by its name. */
export function integerKind(name: keyof typeof WIDTHS, bounds: Bounds<number>): FieldKind<number, number> {
  const { lowest, highest, columnType } = WIDTHS[name]
  const min = Math.max(bounds.min ?? lowest, lowest)
  const max = Math.min(bounds.max ?? highest, highest)
  const parse = (input: unknown): number | Problem => {
    const value = wholeNumber(input)
    if (value instanceof Problem) return value
    if (value < min) return atLeast(min, value)
    return value > max ? atMost(max, value) : value
  }
  return {
    name,
    positional: [],
    params: boundsParams(bounds),
    lookups: ORDERED_LOOKUPS,
    searchable: false,
    columnType,
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: Number,
    jsonSource: (raw) => raw,
    schema: { type: 'integer', format: 'int32', minimum: min, maximum: max },
    example: Math.min(Math.max(3, min), max),
  }
}

/** As DRF: `5`, `"5"` and `"5.0"` are whole numbers, `5.5` and `true` are not. */
function wholeNumber(input: unknown): number | Problem {
  if (typeof input === 'number' && Number.isInteger(input)) return input === 0 ? 0 : input
  if (typeof input === 'string') {
    if (input.length > 1000) return new Problem('String value too large.')
    if (/^\s*[+-]?\d+(\.0*)?\s*$/.test(input)) return Number(input) + 0
  }
  return new Problem('A valid integer is required.')
}
