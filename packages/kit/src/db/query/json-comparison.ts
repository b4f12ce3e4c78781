import type { DialectName } from '../dialects/index.ts'
import { boolean, type Json, json, type Lookup, Problem } from '../fields/index.ts'
import type { JsonStep } from './column-view.ts'
import type { Condition } from './condition.ts'
import type { FieldPath } from './field-path.ts'
import { containedBy, contains, equals, exists, isCompound, isMissing } from './json-containment.ts'
import { below, type JsonPlace, keyFlaw, leaf } from './json-place.ts'
import { padded } from './padded.ts'
import { listOf, parseWritten, type ValueParser } from './parsed-values.ts'
import { compareText, isTextLookup } from './text-comparison.ts'

export interface JsonComparisonParts {
  readonly path: FieldPath
  readonly steps: readonly JsonStep[]
  readonly lookup: Lookup
  readonly value: unknown
  readonly dialect: DialectName
  readonly parser: ValueParser
}

/** Compares what a JSON column holds at a place: the whole, or what a path leads to. */
export function compareJson({ path, steps, lookup, value, dialect, parser }: JsonComparisonParts): Condition | Problem {
  const place: JsonPlace = { path, from: 'column', steps, dialect }
  if (lookup === 'isnull') {
    const wanted: unknown = parser(boolean().kind, value)
    if (wanted instanceof Problem) return wanted
    return wanted ? isMissing(place) : exists(place)
  }
  if (lookup === 'has_key') return hasKeys(place, [value], 'all')
  if (lookup === 'has_keys' || lookup === 'has_any_keys') {
    const keys = listOf(value, lookup)
    return keys instanceof Problem ? keys : hasKeys(place, keys, lookup === 'has_keys' ? 'all' : 'any')
  }
  if (path.column.kind.lookups.includes('overlap')) return compareWords(place, lookup, { value, parser })
  if (parser === parseWritten) return compareWritten(place, lookup, String(value))
  return lookup === 'in' || lookup === 'range' || lookup === 'overlap'
    ? compareList(place, lookup, value)
    : compareValue(place, lookup, value)
}

function hasKeys(place: JsonPlace, keys: readonly unknown[], word: 'all' | 'any'): Condition | Problem {
  const found: Condition[] = []
  for (const key of keys) {
    if (typeof key !== 'string') return new Problem('Not a valid string.')
    const flaw = keyFlaw(key)
    if (flaw) return new Problem(flaw)
    found.push(exists(below(place, key)))
  }
  if (word === 'any') return { any: found }
  return { all: found.length > 0 ? found : [exists(place)] }
}

function compareList(place: JsonPlace, lookup: 'in' | 'range' | 'overlap', value: unknown): Condition | Problem {
  const items = listOf(value, lookup)
  if (items instanceof Problem) return items
  const values: Json[] = []
  for (const item of items) {
    const parsed = jsonOf(item)
    if (parsed instanceof Problem) return parsed
    values.push(parsed)
  }
  if (lookup === 'overlap') return { any: values.map((item) => contains(place, [item])) }
  return lookup === 'in' ? oneOfJson(place, values) : betweenJson(place, values)
}

/** A list of words: how many there must be of them does not count where only some are asked for. */
function compareWords(
  place: JsonPlace,
  lookup: Lookup,
  { value, parser }: Pick<JsonComparisonParts, 'value' | 'parser'>,
): Condition | Problem {
  const words = listOf(parser === parseWritten && typeof value === 'string' ? value.split(',') : value, lookup)
  if (words instanceof Problem) return words
  const [known = []] = place.path.column.kind.positional
  const unknown = words.find((word) => !Array.isArray(known) || !known.some((one) => one === word))
  if (unknown !== undefined) return new Problem(`${JSON.stringify(unknown)} is not a valid choice.`)
  return lookup === 'overlap' ? compareList(place, lookup, words) : compareValue(place, lookup, words)
}

/** Texts and numbers each in one comparison, whatever their number. */
function oneOfJson(place: JsonPlace, values: readonly Json[]): Condition {
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.filter((value) => typeof value === 'number')
  const others = values.filter((value) => typeof value !== 'string' && typeof value !== 'number')
  return {
    any: [
      ...(texts.length > 0 ? [leaf(place, { as: 'text', operator: 'in', values: padded(texts) })] : []),
      ...(numbers.length > 0 ? [leaf(place, { as: 'number', operator: 'in', values: padded(numbers) })] : []),
      ...others.map((value) => equals(place, value)),
    ],
  }
}

function betweenJson(place: JsonPlace, [from, to]: readonly Json[]): Condition | Problem {
  if (typeof from === 'string' && typeof to === 'string') {
    return leaf(place, { as: 'text', operator: 'range', values: [from, to] })
  }
  if (typeof from === 'number' && typeof to === 'number') {
    return leaf(place, { as: 'number', operator: 'range', values: [from, to] })
  }
  return new Problem('Range query expects two numbers or two texts.')
}

function compareValue(place: JsonPlace, lookup: Lookup, input: unknown): Condition | Problem {
  if (isTextLookup(lookup) && (lookup !== 'contains' || typeof input === 'string'))
    return lookIntoText(place, lookup, input)
  const value = jsonOf(input)
  if (value instanceof Problem) return value
  switch (lookup) {
    case 'exact':
      return exactly(place, value)
    case 'contains':
      return contains(place, value)
    case 'contained_by':
      return containedBy(place, value)
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (typeof value === 'string') return leaf(place, { as: 'text', operator: lookup, values: [value] })
      if (typeof value === 'number') return leaf(place, { as: 'number', operator: lookup, values: [value] })
      return new Problem('Only numbers and texts can be greater or less: give one of these.')
    default:
      throw new TypeError(`"${lookup}" compares no JSON`)
  }
}

function lookIntoText(
  place: JsonPlace,
  lookup: Parameters<typeof compareText>[0],
  input: unknown,
): Condition | Problem {
  const text = compareText(lookup, input, place.dialect)
  if (text instanceof Problem) return text
  const found = leaf(place, { as: 'text', ...text })
  // A list holds its items as a text holds its parts.
  return lookup === 'contains' && typeof input === 'string' ? { any: [found, contains(place, input)] } : found
}

/** On PostgreSQL a scalar below keys is asked for by containment, which a GIN index on the column can answer. */
function exactly(place: JsonPlace, value: Json): Condition {
  const { steps, dialect } = place
  const isPlain = !isCompound(value) && steps.length > 0 && steps.every((step) => typeof step === 'string')
  if (dialect !== 'postgresql' || !isPlain) return equals(place, value)
  const whole = steps.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
  return contains({ ...place, steps: [] }, whole)
}

/** A value from a query parameter is a text; it also finds the number, `true`, `false` or `null` that it is written as. */
function compareWritten(place: JsonPlace, lookup: Lookup, text: string): Condition | Problem {
  const values = lookup === 'in' || lookup === 'range' ? text.split(',') : [text]
  const scalars = values.flatMap(writtenScalar)
  if (lookup === 'exact' || lookup === 'in') return compareList(place, 'in', [...values, ...scalars])
  const isOrdered = ['gt', 'gte', 'lt', 'lte', 'range'].includes(lookup)
  const given = isOrdered && scalars.length === values.length ? scalars : values
  if (lookup === 'range') return compareList(place, lookup, given)
  return compareValue(place, lookup, given[0])
}

function writtenScalar(text: string): (number | boolean | null)[] {
  if (text === 'true' || text === 'false') return [text === 'true']
  if (text === 'null') return [null]
  return /^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$/.test(text) ? [Number(text)] : []
}

const JSON_VALUE = json().kind
const MAX_MEMBERS = 100

/** A value that can be looked for on every database. */
function jsonOf(input: unknown): Json | Problem {
  if (input === null) return null
  const value: Json | Problem = JSON_VALUE.parse(input)
  if (value instanceof Problem) return value
  if (typeof value === 'string' && value.length > 1000) {
    return new Problem('Ensure this value has no more than 1000 characters.')
  }
  return flawOfMembers(value)
}

function flawOfMembers(value: Json): Json | Problem {
  let members = 0
  const queue: Json[] = [value]
  for (let inner = queue.pop(); inner !== undefined; inner = queue.pop()) {
    if (++members > MAX_MEMBERS) return new Problem(`Ensure this value has no more than ${MAX_MEMBERS} members.`)
    if (!isCompound(inner)) continue
    if (!Array.isArray(inner)) {
      const flaw = Object.keys(inner)
        .map(keyFlaw)
        .find((found) => found !== null)
      if (flaw) return new Problem(flaw)
    }
    queue.push(...Object.values(inner))
  }
  return value
}
