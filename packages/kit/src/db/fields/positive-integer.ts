import { fieldOf } from './field.ts'
import { type IntegerField, type IntegerOptions, integerKind } from './integer.ts'

/** A whole number of 0 or more, up to 2,147,483,647. */
export function positiveInteger(options: IntegerOptions = {}): IntegerField {
  return fieldOf(integerKind('positiveInteger', options), options)
}
