import { type AnyFieldKind, flawOf, isLookup, type Lookup, OutOfBounds, Problem } from '../fields/index.ts'
import type { Column } from './column.ts'
import { type FieldReference, f, isFieldReference } from './field-expression.ts'
import { isQ, type Q, type QKind, q } from './q.ts'

/** A condition over a model's own columns, as it is declared. */
export type AnyCondition = { readonly [key: string]: unknown } | Q<unknown, unknown>

/** What a condition of a table may ask: comparisons that every database makes alike, whatever its settings. */
export const OWN_LOOKUPS = [
  'exact',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'range',
  'isnull',
  'contains',
  'startswith',
  'endswith',
] as const satisfies readonly Lookup[]

export type OwnLookup = (typeof OWN_LOOKUPS)[number]

/** One column held against values in the form of its kind; or against another column. */
export interface OwnComparison {
  readonly column: Column
  readonly lookup: OwnLookup
  readonly values: readonly unknown[]
  readonly other: Column | null
}

export type OwnCondition = OwnComparison | { readonly kind: QKind; readonly parts: readonly OwnCondition[] }

/** Identifies a condition: two that are written alike have the same key. */
export function conditionKey(condition: AnyCondition): string {
  if (!isQ(condition)) return JSON.stringify(condition)
  // as: the parts of a condition on columns are conditions on columns
  return `${condition.kind}(${condition.parts.map((part) => conditionKey(part as AnyCondition)).join()})`
}

/** A condition in which a field has got another name. */
export function renamedCondition(condition: AnyCondition, from: string, to: string): AnyCondition {
  if (isQ(condition)) return remadeQ(condition, (part) => renamedCondition(part, from, to))
  return Object.fromEntries(
    Object.entries(condition).map(([key, value]) => [
      key === from || key.startsWith(`${from}__`) ? to + key.slice(from.length) : key,
      isFieldReference(value) && value.f === from ? f(to) : value,
    ]),
  )
}

/** A condition as migrations write it: with moments and large numbers as texts. */
export function plainCondition(condition: AnyCondition): AnyCondition {
  if (isQ(condition)) return remadeQ(condition, plainCondition)
  return Object.fromEntries(Object.entries(condition).map(([key, value]) => [key, plainValue(value)]))
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  if (typeof value === 'bigint') return String(value)
  return value instanceof Date ? value.toISOString() : value
}

function remadeQ({ kind, parts }: Q<unknown, unknown>, remake: (part: AnyCondition) => AnyCondition): AnyCondition {
  const remade = parts.map((part) => remake(part as AnyCondition)) // as: see above
  switch (kind) {
    case 'or':
      return q.or(...remade)
    case 'and':
      return q.and(...remade)
    case 'not':
      return q.not(remade[0] ?? {})
  }
}

/** The fields that a condition names. */
export function fieldsOfCondition(condition: OwnCondition): string[] {
  if ('parts' in condition) return [...new Set(condition.parts.flatMap(fieldsOfCondition))]
  return [condition.column.name, ...(condition.other ? [condition.other.name] : [])]
}

/** Where a condition stands, for messages and for finding its columns. */
export interface ConditionPlace {
  /** `clients.Client: the check "credit_positive"` */
  readonly subject: string
  readonly columns: ReadonlyMap<string, Column>
}

/** Reads a condition as it is declared. @throws {TypeError} if it names no column, no such lookup, or a value of another kind */
export function readCondition(condition: AnyCondition, place: ConditionPlace): OwnCondition {
  if (isQ(condition)) {
    return { kind: condition.kind, parts: condition.parts.map((part) => readCondition(part as AnyCondition, place)) } // as: see above
  }
  const parts = Object.entries(condition).map(([key, value]) => readComparison(key, value, place))
  const [only] = parts
  return only && parts.length === 1 ? only : { kind: 'and', parts }
}

function readComparison(key: string, value: unknown, place: ConditionPlace): OwnComparison {
  const [name = '', lookup = 'exact', ...more] = key.split('__')
  const column = place.columns.get(name)
  if (!column || column.origin === 'business') {
    const names = [...place.columns.values()].filter(({ origin }) => origin !== 'business').map((each) => each.name)
    throw new TypeError(`${place.subject} names no field: "${name}". There are: ${names.join(', ')}`)
  }
  if (more.length > 0 || !isOwnLookup(lookup) || !mayAsk(column.kind, lookup)) {
    const lookups = OWN_LOOKUPS.filter((each) => mayAsk(column.kind, each))
    throw new TypeError(
      `${place.subject} asks for "${key}", which a table cannot: ${name} has ${lookups.join(', ')}, and no relation is followed`,
    )
  }
  return { column, lookup, ...valuesOf(value, { key, column, lookup, place }) }
}

const isOwnLookup = (name: string): name is OwnLookup => OWN_LOOKUPS.some((lookup) => lookup === name)

const mayAsk = (kind: AnyFieldKind, lookup: OwnLookup): boolean => isLookup(lookup) && kind.lookups.includes(lookup)

interface ValuePlace {
  readonly key: string
  readonly column: Column
  readonly lookup: OwnLookup
  readonly place: ConditionPlace
}

function valuesOf(value: unknown, at: ValuePlace): Pick<OwnComparison, 'values' | 'other'> {
  const { column, lookup } = at
  if (isFieldReference(value)) return { values: [], other: otherColumn(value, at) }
  if (lookup === 'isnull') return { values: [typeof value === 'boolean' ? value : bad(value, at)], other: null }
  if (lookup === 'exact' && value === null) return { values: [null], other: null }
  if (lookup === 'contains' || lookup === 'startswith' || lookup === 'endswith') {
    return { values: [typeof value === 'string' && value !== '' ? value : bad(value, at)], other: null }
  }
  const isList = lookup === 'in' || lookup === 'range'
  if (isList && (!Array.isArray(value) || (lookup === 'range' ? value.length !== 2 : value.length === 0)))
    bad(value, at)
  const given: readonly unknown[] = isList && Array.isArray(value) ? value : [value]
  return {
    values: given.map((each) => {
      const parsed: unknown = each === null || each === undefined ? bad(each, at) : column.kind.parse(each)
      if (!(parsed instanceof Problem)) return parsed
      // The field may have got its bounds after the condition, which is then changed in a step of its own.
      if (parsed instanceof OutOfBounds) return parsed.value
      // A text that the field would not take may still be asked for, such as the empty one.
      const isText = column.kind.searchable && typeof each === 'string' && flawOf(each) === null
      return isText ? each : bad(each, at, parsed)
    }),
    other: null,
  }
}

const COMPARING: readonly OwnLookup[] = ['exact', 'gt', 'gte', 'lt', 'lte']

function otherColumn(reference: FieldReference, { key, column, lookup, place }: ValuePlace): Column {
  const other = place.columns.get(reference.f)
  if (other && COMPARING.includes(lookup) && other.kind.name === column.kind.name) {
    return other
  }
  throw new TypeError(
    `${place.subject} cannot hold "${key}" against f('${reference.f}'): that must be a field of the same kind`,
  )
}

function bad(value: unknown, { key, place }: ValuePlace, problem?: Problem): never {
  const reason = problem ? `: ${problem.messages.join(' ')}` : ''
  throw new TypeError(`${place.subject} cannot hold "${key}" against ${shown(value)}${reason}`)
}

const shown = (value: unknown): string =>
  typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'undefined')
