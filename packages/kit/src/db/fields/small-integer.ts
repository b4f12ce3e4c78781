import { fieldOf } from './field.ts'
import { type IntegerField, type IntegerOptions, integerKind } from './integer.ts'

/** A whole number of 16 bits: -32,768 to 32,767. */
export function smallInteger(options: IntegerOptions = {}): IntegerField {
  return fieldOf(integerKind('smallInteger', options), options)
}
