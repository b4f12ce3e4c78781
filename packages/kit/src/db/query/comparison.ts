import { validationError } from '../../base/index.ts'
import type { DialectName, DriverValue } from '../dialects/index.ts'
import { type AnyFieldKind, boolean, flawOf, type Lookup, Problem } from '../fields/index.ts'
import type { Comparison, Operator } from './condition.ts'
import type { FieldPath } from './field-path.ts'
import { padded } from './padded.ts'

/** Turns the value of a filter into the form of the kind: from app code, or from the text of a query parameter. */
export type ValueParser = (kind: AnyFieldKind, value: unknown) => unknown

export const parseTyped: ValueParser = (kind, value) => kind.parse(value)
export const parseWritten: ValueParser = (kind, value) => kind.parseText(String(value))

/** The values of `in` at the most: beyond it a filter is a job for a join. */
export const MAX_IN_VALUES = 1000

export interface ComparisonParts {
  readonly path: FieldPath
  readonly lookup: Lookup
  readonly value: unknown
  readonly dialect: DialectName
  readonly parser?: ValueParser
}

/** Makes a comparison of a filter's value, or says what is wrong with the value. */
export function compare({ path, lookup, value, dialect, parser = parseTyped }: ComparisonParts): Comparison | Problem {
  const { kind } = path.column
  const made = (operator: Operator, values: readonly DriverValue[], foldsUnicode = false): Comparison => ({
    path,
    operator,
    values,
    foldsUnicode,
  })
  if (value === null && lookup === 'exact') return made('isnull', [])
  switch (lookup) {
    case 'isnull': {
      const wanted: unknown = parser(BOOLEAN, value)
      return wanted instanceof Problem ? wanted : made(wanted ? 'isnull' : 'isnotnull', [])
    }
    case 'in':
      return withValues(kind, value, { dialect, parser, made: (values) => inValues(values, made) })
    case 'range':
      return withValues(kind, value, {
        dialect,
        parser,
        made: (values) =>
          values.length === 2 ? made('range', values) : new Problem('Range query expects two values.'),
      })
    case 'iexact':
    case 'contains':
    case 'icontains':
    case 'startswith':
    case 'endswith':
      return withText(value, (text) => made(lookup, [patternOf(lookup, text, dialect)], folds(lookup, text)))
    case 'exact':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return withValues(kind, [value], { dialect, parser, made: (values) => made(lookup, values) })
  }
}

/** The same, for app code: a bad value is refused with the name of the filter. @throws {ApiError} */
export function compareOrThrow(key: string, parts: ComparisonParts): Comparison {
  const compared = compare(parts)
  if (compared instanceof Problem) throw validationError({ [key]: compared.messages })
  return compared
}

const BOOLEAN = boolean().kind

interface ValueParts {
  readonly dialect: DialectName
  readonly parser: ValueParser
  readonly made: (values: readonly DriverValue[]) => Comparison | Problem
}

function withValues(kind: AnyFieldKind, input: unknown, { dialect, parser, made }: ValueParts): Comparison | Problem {
  if (!Array.isArray(input)) return new Problem(`Expected a list of items but got type "${typeof input}".`)
  const values: DriverValue[] = []
  for (const item of input) {
    const parsed = kind.searchable ? freeText(kind, item, parser) : parser(kind, item)
    if (parsed instanceof Problem) return parsed
    values.push(kind.encode(parsed, dialect))
  }
  return made(values)
}

/** A text that the field would not take may still be asked for: nothing is equal to it. */
function freeText(kind: AnyFieldKind, item: unknown, parser: ValueParser): unknown {
  const parsed = parser(kind, item)
  if (!(parsed instanceof Problem)) return parsed
  return typeof item === 'string' && flawOf(item) === null ? item : parsed
}

function withText(value: unknown, made: (text: string) => Comparison): Comparison | Problem {
  if (typeof value !== 'string') return new Problem('Not a valid string.')
  const flaw = flawOf(value)
  if (flaw) return new Problem(flaw)
  if (value.length > 1000) return new Problem('Ensure this value has no more than 1000 characters.')
  return made(value)
}

function inValues(
  values: readonly DriverValue[],
  made: (operator: Operator, values: readonly DriverValue[]) => Comparison,
): Comparison | Problem {
  if (values.length > MAX_IN_VALUES) return new Problem(`Ensure this list has no more than ${MAX_IN_VALUES} values.`)
  return values.length === 0 ? made('never', []) : made('in', padded(values))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/

const folds = (lookup: Lookup, text: string): boolean => lookup.startsWith('i') && !ASCII.test(text)

/** The value as the SQL of the lookup wants it; see `comparisonSql`. */
function patternOf(lookup: Lookup, text: string, dialect: DialectName): string {
  if (dialect === 'sqlite' && lookup === 'contains') return text
  if (dialect === 'sqlite' && (lookup === 'startswith' || lookup === 'endswith')) {
    const escaped = text.replace(/[*?[]/g, '[$&]')
    return lookup === 'startswith' ? `${escaped}*` : `*${escaped}`
  }
  const escaped = dialect === 'postgresql' ? text.replace(/[%_\\]/g, '\\$&') : text.replace(/[%_!]/g, '!$&')
  const folded = dialect === 'sqlite' && folds(lookup, text) ? escaped.toLowerCase() : escaped
  if (lookup === 'iexact') return folded
  if (lookup === 'startswith') return `${folded}%`
  return lookup === 'endswith' ? `%${folded}` : `%${folded}%`
}
