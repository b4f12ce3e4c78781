import type { DialectName } from '../dialects/index.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { ORDERED_LOOKUPS } from './lookup.ts'
import { atLeast, atMost, boundsParams } from './number-rules.ts'
import { Problem } from './problem.ts'

export interface DecimalOptions extends CommonOptions<string> {
  /** Digits in total, 1 to 15: what all three databases keep exactly (SQLite's numbers end there). */
  readonly digits: number
  /** Digits after the point. */
  readonly places: number
  readonly min?: number | string
  readonly max?: number | string
}

export type DecimalField = Field<{
  value: string
  input: string | number
  lookup: (typeof ORDERED_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * An exact decimal number, a string with all its places both in code and in JSON: `"12.50"`.
 *
 * @throws {RangeError} if `digits` is not 1 to 15, or `places` not 0 to `digits`
 */
export function decimal(options: DecimalOptions): DecimalField {
  const { digits, places } = options
  if (!Number.isInteger(digits) || digits < 1 || digits > 15) {
    throw new RangeError(`Cannot declare decimal(): digits must be a whole number from 1 to 15, got ${digits}`)
  }
  if (!Number.isInteger(places) || places < 0 || places > digits) {
    throw new RangeError(`Cannot declare decimal(): places must be a whole number from 0 to ${digits}, got ${places}`)
  }
  return fieldOf(decimalKind(options), options)
}

function decimalKind(options: DecimalOptions): FieldKind<string, string> {
  const { digits, places, min, max } = options
  const parse = (input: unknown): string | Problem => {
    const value = parseDecimal(input, digits, places)
    if (value instanceof Problem) return value
    // At most 15 digits: exact as a double, so comparing numbers compares the decimals.
    if (min !== undefined && Number(value) < Number(min)) return atLeast(min, value)
    return max !== undefined && Number(value) > Number(max) ? atMost(max, value) : value
  }
  const fixed = (raw: string | number | bigint): string => Number(raw).toFixed(places)
  return {
    name: 'decimal',
    positional: [],
    params: { digits, places, ...boundsParams(options) },
    lookups: ORDERED_LOOKUPS,
    searchable: false,
    columnType: (dialect) => decimalColumn(dialect, digits, places),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: (raw, dialect) => (dialect === 'sqlite' ? fixed(raw as number) : String(raw)), // as: SQLite keeps numbers
    jsonSource: (raw, dialect) =>
      dialect === 'sqlite' ? `'"' + Number(${raw}).toFixed(${places}) + '"'` : `'"' + ${raw} + '"'`,
    schema: {
      type: 'string',
      format: 'decimal',
      pattern: `^-?[0-9]{0,${Math.max(1, digits - places)}}(\\.[0-9]{0,${places}})?$`,
    },
    example: places === 0 ? '12' : `12.${'5'.padEnd(places, '0')}`,
  }
}

const decimalColumn = (dialect: DialectName, digits: number, places: number): string =>
  `${dialect === 'postgresql' ? 'numeric' : 'decimal'}(${digits},${places})`

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i

function parseDecimal(input: unknown, digits: number, places: number): string | Problem {
  if (typeof input !== 'string' && typeof input !== 'number') return new Problem('A valid number is required.')
  const text = String(input).trim()
  if (text.length > 1000) return new Problem('String value too large.')
  const parts = NUMBER.exec(text)
  if (!parts || !(parts[2] || parts[3])) return new Problem('A valid number is required.')
  const [whole, fraction] = shift(parts[2] ?? '', parts[3] ?? '', Number(parts[4] ?? 0))
  return fitted(parts[1] === '-', { whole, fraction, digits, places })
}

/** Moves the point by the exponent, and drops zeros that say nothing. */
function shift(whole: string, fraction: string, exponent: number): readonly [string, string] {
  const all = whole + fraction
  const point = whole.length + exponent
  const padded = point < 0 ? all.padStart(all.length - point, '0') : all.padEnd(point, '0')
  const at = Math.max(point, 0)
  return [padded.slice(0, at).replace(/^0+/, ''), padded.slice(at).replace(/0+$/, '')]
}

interface Parts {
  readonly whole: string
  readonly fraction: string
  readonly digits: number
  readonly places: number
}

function fitted(isNegative: boolean, { whole, fraction, digits, places }: Parts): string | Problem {
  if (whole.length + fraction.length > digits)
    return new Problem(`Ensure that there are no more than ${digits} digits in total.`)
  if (fraction.length > places) return new Problem(`Ensure that there are no more than ${places} decimal places.`)
  if (whole.length > digits - places) {
    return new Problem(`Ensure that there are no more than ${digits - places} digits before the decimal point.`)
  }
  const sign = isNegative && (whole || fraction) ? '-' : ''
  const point = places === 0 ? '' : `.${fraction.padEnd(places, '0')}`
  return `${sign}${whole || '0'}${point}`
}
