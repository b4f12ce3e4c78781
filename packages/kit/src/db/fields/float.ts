import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { ORDERED_LOOKUPS } from './lookup.ts'
import { atLeast, atMost, type Bounds, boundsParams } from './number-rules.ts'
import { Problem } from './problem.ts'

export interface FloatOptions extends CommonOptions<number> {
  readonly min?: number
  readonly max?: number
}

export type FloatField = Field<{
  value: number
  input: number
  lookup: (typeof ORDERED_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** A number of double precision (IEEE 754), never infinite. For money take `decimal`. */
export function float(options: FloatOptions = {}): FloatField {
  return fieldOf(floatKind(options), options)
}

function floatKind(bounds: Bounds<number>): FieldKind<number, number> {
  const { min, max } = bounds
  const parse = (input: unknown): number | Problem => {
    const value = realNumber(input)
    if (value instanceof Problem) return value
    if (min !== undefined && value < min) return atLeast(min, value)
    return max !== undefined && value > max ? atMost(max, value) : value
  }
  return {
    name: 'float',
    positional: [],
    params: boundsParams(bounds),
    lookups: ORDERED_LOOKUPS,
    searchable: false,
    columnType: (dialect) => (dialect === 'postgresql' ? 'double precision' : 'double'),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: Number,
    // PostgreSQL writes 1e+20 and 5e-07, which are JSON as well; String() of a double is too.
    jsonSource: (raw) => `Number(${raw})`,
    schema: {
      type: 'number',
      format: 'double',
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
    },
    example: 2.5,
  }
}

function realNumber(input: unknown): number | Problem {
  if (typeof input === 'string' && input.length > 1000) return new Problem('String value too large.')
  const isText = typeof input === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(input)
  const value = typeof input === 'number' || isText ? Number(input) : Number.NaN
  // -0 is 0: no database keeps the difference in the same way. Denormal numbers are 0 for the same reason.
  if (!Number.isFinite(value)) return new Problem('A valid number is required.')
  return Math.abs(value) < 2.2250738585072014e-308 ? 0 : value
}
