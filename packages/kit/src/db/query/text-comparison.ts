import type { DialectName, DriverValue } from '../dialects/index.ts'
import { flawOf, type Lookup, PATTERN_LOOKUPS, Problem } from '../fields/index.ts'
import type { Operator } from './condition.ts'
import { patternText } from './pattern-text.ts'

export type TextLookup = (typeof PATTERN_LOOKUPS)[number]

export const isTextLookup = (lookup: Lookup): lookup is TextLookup => PATTERN_LOOKUPS.some((known) => known === lookup)

/** How a text is looked into, and what it is looked into with. */
export interface TextComparison {
  readonly operator: Operator
  readonly values: readonly DriverValue[]
  readonly foldsUnicode: boolean
}

export function compareText(lookup: TextLookup, value: unknown, dialect: DialectName): TextComparison | Problem {
  if (typeof value !== 'string') return new Problem('Not a valid string.')
  const flaw = flawOf(value)
  if (flaw) return new Problem(flaw)
  if (lookup === 'regex' || lookup === 'iregex') {
    const pattern = patternText(value, { dialect, ignoresCase: lookup === 'iregex' })
    return pattern instanceof Problem ? pattern : { operator: 'regex', values: [pattern], foldsUnicode: false }
  }
  if (value.length > 1000) return new Problem('Ensure this value has no more than 1000 characters.')
  return { operator: lookup, values: [likePattern(lookup, value, dialect)], foldsUnicode: folds(lookup, value) }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/

const folds = (lookup: TextLookup, text: string): boolean => lookup.startsWith('i') && !ASCII.test(text)

/** The value as the SQL of the lookup wants it; see `comparisonSql`. */
function likePattern(lookup: TextLookup, text: string, dialect: DialectName): string {
  if (dialect === 'sqlite' && lookup === 'contains') return text
  if (dialect === 'sqlite' && (lookup === 'startswith' || lookup === 'endswith')) {
    const escaped = text.replace(/[*?[]/g, '[$&]')
    return lookup === 'startswith' ? `${escaped}*` : `*${escaped}`
  }
  const escaped = dialect === 'postgresql' ? text.replace(/[%_\\]/g, '\\$&') : text.replace(/[%_!]/g, '!$&')
  const folded = dialect === 'sqlite' && folds(lookup, text) ? escaped.toLowerCase() : escaped
  if (lookup === 'iexact') return folded
  if (lookup === 'startswith' || lookup === 'istartswith') return `${folded}%`
  return lookup === 'endswith' || lookup === 'iendswith' ? `%${folded}` : `%${folded}%`
}
