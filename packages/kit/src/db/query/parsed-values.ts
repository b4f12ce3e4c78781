import { type AnyFieldKind, flawOf, type Lookup, Problem } from '../fields/index.ts'

/** Turns the value of a filter into the form of the kind: from app code, or from the text of a query parameter. */
export type ValueParser = (kind: AnyFieldKind, value: unknown) => unknown

export const parseTyped: ValueParser = (kind, value) => kind.parse(value)
export const parseWritten: ValueParser = (kind, value) => kind.parseText(String(value))

/** The values of `in` at the most: beyond it a filter is a job for a join. */
export const MAX_IN_VALUES = 1000

export interface ValueParts {
  readonly kind: AnyFieldKind
  readonly lookup: Lookup
  readonly value: unknown
  readonly parser: ValueParser
}

/** The values of a comparison in the canonical form of a kind: several for `in` and two for `range`, else one. */
export function parsedValues({ kind, lookup, value, parser }: ValueParts): unknown[] | Problem {
  const items = lookup === 'in' || lookup === 'range' ? listOf(value, lookup) : [value]
  if (items instanceof Problem) return items
  const values: unknown[] = []
  for (const item of items) {
    const parsed = kind.searchable ? freeText(kind, item, parser) : parser(kind, item)
    if (parsed instanceof Problem) return parsed
    values.push(parsed)
  }
  return values
}

/** The value of `in` or `range` as a list that is not too long. */
export function listOf(value: unknown, lookup: Lookup): readonly unknown[] | Problem {
  if (!Array.isArray(value)) return new Problem(`Expected a list of items but got type "${typeof value}".`)
  if (lookup === 'range' && value.length !== 2) return new Problem('Range query expects two values.')
  if (value.length > MAX_IN_VALUES) return new Problem(`Ensure this list has no more than ${MAX_IN_VALUES} values.`)
  return value
}

/** A text that the field would not take may still be asked for: nothing is equal to it. */
function freeText(kind: AnyFieldKind, item: unknown, parser: ValueParser): unknown {
  const parsed = parser(kind, item)
  if (!(parsed instanceof Problem)) return parsed
  return typeof item === 'string' && flawOf(item) === null ? item : parsed
}
