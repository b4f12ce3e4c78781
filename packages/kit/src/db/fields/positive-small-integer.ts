import { fieldOf } from './field.ts'
import { type IntegerField, type IntegerOptions, integerKind } from './integer.ts'

/** A whole number of 0 to 32,767. */
export function positiveSmallInteger(options: IntegerOptions = {}): IntegerField {
  return fieldOf(integerKind('positiveSmallInteger', options), options)
}
