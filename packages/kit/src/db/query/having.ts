import { validationError } from '../../base/index.ts'
import type { DialectName } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import { isQ } from '../models/index.ts'
import { type ComparedValue, comparedValue } from './aggregate-value.ts'
import type { HavingComparison, HavingCondition, HavingOperator } from './having-condition.ts'
import { padded } from './padded.ts'
import { listOf } from './parsed-values.ts'
import type { NamedAggregate } from './resolve-aggregate.ts'

export interface HavingParts {
  readonly aggregates: readonly NamedAggregate[]
  readonly dialect: DialectName
}

/**
 * What filters such as `{ orders__gte: 2 }`, and conditions made of them by `q`, ask of aggregates.
 *
 * @throws {ApiError} `validation_failed` for values that cannot be; {TypeError} for an aggregate that there is not
 */
export function havingCondition(wanted: object, parts: HavingParts): HavingCondition {
  if (!isQ<object>(wanted)) {
    return { all: Object.entries(wanted).map(([key, value]) => askedBy(key, value, parts)) }
  }
  const inner = wanted.parts.map((part) => havingCondition(part, parts))
  if (wanted.kind === 'not') return { not: { all: inner } }
  return wanted.kind === 'or' ? { any: inner } : { all: inner }
}

const OPERATORS: ReadonlyMap<string, HavingOperator> = new Map([
  ['exact', '='],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['in', 'in'],
  ['range', 'between'],
  ['isnull', 'is null'],
])

function askedBy(key: string, value: unknown, { aggregates, dialect }: HavingParts): HavingCondition {
  const { by, lookup } = keyOf(key, aggregates)
  const made = (operator: HavingOperator): HavingComparison => ({ by, operator, values: [], cast: null })
  if (lookup === 'exact' && value === null) return made('is null')
  if (lookup === 'isnull') {
    if (typeof value !== 'boolean') throw validationError({ [key]: ['Must be a valid boolean.'] })
    return made(value ? 'is null' : 'is not null')
  }
  const compared = comparedValues(by, { lookup, value, dialect })
  if (compared instanceof Problem) throw validationError({ [key]: compared.messages })
  const [first] = compared
  if (!first) return { any: [] }
  const values = compared.map((each) => each.value)
  const operator = OPERATORS.get(lookup) ?? '='
  return { by, operator, cast: first.cast, values: lookup === 'in' ? padded(values) : values }
}

function keyOf(
  key: string,
  aggregates: readonly NamedAggregate[],
): { readonly by: NamedAggregate; readonly lookup: string } {
  const at = key.lastIndexOf('__')
  const last = key.slice(at + 2)
  const [name, lookup] = at !== -1 && OPERATORS.has(last) ? [key.slice(0, at), last] : [key, 'exact']
  const by = aggregates.find((each) => each.name === name)
  if (by) return { by, lookup }
  const names = aggregates.map((each) => each.name).join(', ')
  throw new TypeError(
    `Cannot keep rows by ${key}: there is no aggregate ${name}. There are: ${names || 'none'}; lookups: ${[...OPERATORS.keys()].join(', ')}`,
  )
}

interface ValuesAsked {
  readonly lookup: string
  readonly value: unknown
  readonly dialect: DialectName
}

function comparedValues(
  { aggregate }: NamedAggregate,
  { lookup, value, dialect }: ValuesAsked,
): ComparedValue[] | Problem {
  const items = lookup === 'in' || lookup === 'range' ? listOf(value, lookup) : [value]
  if (items instanceof Problem) return items
  const values: ComparedValue[] = []
  for (const item of items) {
    const compared = comparedValue(aggregate, item, dialect)
    if (compared instanceof Problem) return compared
    values.push(compared)
  }
  return values
}
