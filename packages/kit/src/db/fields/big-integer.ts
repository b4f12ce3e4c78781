import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { ORDERED_LOOKUPS } from './lookup.ts'
import { atLeast, atMost, boundsParams } from './number-rules.ts'
import { Problem } from './problem.ts'

export interface BigIntegerOptions extends CommonOptions<bigint> {
  readonly min?: bigint | number | string
  readonly max?: bigint | number | string
}

export type BigIntegerField = Field<{
  value: bigint
  input: bigint | number | string
  lookup: (typeof ORDERED_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/** A whole number of 64 bits: a `bigint` in code, a string in JSON, where numbers are exact only up to 2^53. */
export function bigInteger(options: BigIntegerOptions = {}): BigIntegerField {
  return fieldOf(bigIntegerKind('bigInteger', options), options)
}

const LOWEST = { bigInteger: -(2n ** 63n), positiveBigInteger: 0n }
const HIGHEST = 2n ** 63n - 1n

export function bigIntegerKind(name: keyof typeof LOWEST, options: BigIntegerOptions = {}): FieldKind<bigint, bigint> {
  const lowest = LOWEST[name]
  const min = options.min === undefined ? lowest : larger(BigInt(options.min), lowest)
  const max = options.max === undefined ? HIGHEST : smaller(BigInt(options.max), HIGHEST)
  const parse = (input: unknown): bigint | Problem => {
    const value = wholeNumber(input)
    if (value instanceof Problem) return value
    if (value < min) return atLeast(min, value)
    return value > max ? atMost(max, value) : value
  }
  return {
    name,
    positional: [],
    params: boundsParams(options),
    lookups: ORDERED_LOOKUPS,
    searchable: false,
    columnType: () => 'bigint',
    parse,
    parseText: parse,
    encode: (value, dialect) => (dialect === 'sqlite' ? value : String(value)),
    decode: (raw) => BigInt(raw as string | number | bigint), // as: no driver gives bytes for it
    // SQLite's driver gives the lowest of all as a number, exact but for how a number is written.
    jsonSource: (raw, dialect) => `'"' + ${dialect === 'sqlite' ? `BigInt(${raw})` : raw} + '"'`,
    schema: { type: 'string', pattern: lowest < 0n ? '^-?[0-9]{1,19}$' : '^[0-9]{1,19}$' },
    example: String(larger(smaller(9_007_199_254_740_993n, max), min)),
  }
}

const larger = (left: bigint, right: bigint): bigint => (left > right ? left : right)
const smaller = (left: bigint, right: bigint): bigint => (left < right ? left : right)

function wholeNumber(input: unknown): bigint | Problem {
  if (typeof input === 'bigint') return input
  if (typeof input === 'number' && Number.isSafeInteger(input)) return BigInt(input)
  if (typeof input === 'string') {
    if (input.length > 1000) return new Problem('String value too large.')
    if (/^[+-]?\d+$/.test(input)) return BigInt(input.replace('+', ''))
  }
  return new Problem('A valid integer is required.')
}
