import { type BigIntegerField, type BigIntegerOptions, bigIntegerKind } from './big-integer.ts'
import { fieldOf } from './field.ts'

/** A whole number of 0 or more, up to 2^63 - 1: a `bigint` in code, a string in JSON. */
export function positiveBigInteger(options: BigIntegerOptions = {}): BigIntegerField {
  return fieldOf(bigIntegerKind('positiveBigInteger', options), options)
}
