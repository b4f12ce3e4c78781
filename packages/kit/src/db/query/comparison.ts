import { validationError } from '../../base/index.ts'
import type { DialectName, DriverValue } from '../dialects/index.ts'
import { boolean, type Lookup, type MomentPart, Problem } from '../fields/index.ts'
import type { JsonStep } from './column-view.ts'
import type { Comparison, Condition, Operator } from './condition.ts'
import type { FieldPath } from './field-path.ts'
import { compareJson } from './json-comparison.ts'
import { compareMoment } from './moment-comparison.ts'
import { padded } from './padded.ts'
import { parsedValues, parseTyped, type ValueParser } from './parsed-values.ts'
import { compareText, isTextLookup } from './text-comparison.ts'

export interface ComparisonParts {
  readonly path: FieldPath
  readonly lookup: Lookup
  readonly value: unknown
  readonly dialect: DialectName
  readonly parser?: ValueParser
  /** The part of a date or a time that is compared. */
  readonly part?: MomentPart
  /** The way into a JSON value to what is compared. */
  readonly steps?: readonly JsonStep[]
}

/** Makes a condition of a filter's value, or says what is wrong with the value. */
export function compare(parts: ComparisonParts): Condition | Problem {
  const { path, lookup, value, dialect, parser = parseTyped, part, steps = [] } = parts
  const { kind } = path.column
  const made = (operator: Operator, values: readonly DriverValue[] = []): Comparison => ({
    path,
    operator,
    values,
    foldsUnicode: false,
  })
  if (value === null && lookup === 'exact' && steps.length === 0) return made('isnull')
  if (lookup === 'isnull' && steps.length === 0) {
    const wanted: unknown = parser(BOOLEAN, value)
    return wanted instanceof Problem ? wanted : made(wanted ? 'isnull' : 'isnotnull')
  }
  if (part) return padIn(compareMoment({ path, part, lookup, value, dialect, parser }), made)
  if (holdsJson(path)) return compareJson({ path, steps, lookup, value, dialect, parser })
  if (isTextLookup(lookup)) {
    const text = compareText(lookup, value, dialect)
    return text instanceof Problem ? text : { path, ...text }
  }
  const values = parsedValues({ kind, lookup, value, parser })
  if (values instanceof Problem) return values
  const encoded = values.map((item) => kind.encode(item, dialect))
  return padIn(made(operatorOf(lookup), encoded), made)
}

/** The same, for app code: a bad value is refused with the name of the filter. @throws {ApiError} */
export function compareOrThrow(key: string, parts: ComparisonParts): Condition {
  const compared = compare(parts)
  if (compared instanceof Problem) throw validationError({ [key]: compared.messages })
  return compared
}

/** Whether a column holds JSON, be it of any form or a list of words. */
export const holdsJson = ({ column }: FieldPath): boolean => column.kind.lookups.includes('contained_by')

const BOOLEAN = boolean().kind

function operatorOf(lookup: Lookup): Operator {
  switch (lookup) {
    case 'exact':
    case 'in':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'range':
      return lookup
    default:
      throw new TypeError(`"${lookup}" compares no plain value`)
  }
}

/** `in` of nothing is never, and of several it takes as many places as the next power of two. */
function padIn(
  compared: Condition | Problem,
  made: (operator: Operator, values?: readonly DriverValue[]) => Comparison,
): Condition | Problem {
  if (compared instanceof Problem || !('path' in compared) || compared.operator !== 'in') return compared
  return compared.values.length === 0 ? made('never') : { ...compared, values: padded(compared.values) }
}
