import type { Field, Json } from '../../fields/index.ts'
import type { FillOptions } from '../operations/index.ts'
import { fieldSignature, jsonOf } from './field-signature.ts'

/**
 * How rows that are there get a value for a field that needs one: by its constant default, or by what a function of a
 * default gives when it is asked once. Null if there is no such value.
 */
export function fillFor(field: Field): FillOptions | null {
  if (fieldSignature(field).constantDefault !== undefined) return {}
  const value = valueMadeOnce(field)
  return value === undefined ? null : { fill: value }
}

function valueMadeOnce({ kind, settings }: Field): Json | undefined {
  // One value for all rows could not be unique.
  if (typeof settings.defaultValue !== 'function' || settings.unique) return undefined
  const value: unknown = settings.defaultValue()
  return value === null || value === undefined ? undefined : jsonOf(kind.parse(value))
}
