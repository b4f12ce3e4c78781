import type { Json } from '../fields/index.ts'
import type { Condition } from './condition.ts'
import { anyItem, below, type JsonPlace, leaf } from './json-place.ts'

/** That there is a value at a place, were it null. */
export const exists = (place: JsonPlace): Condition => leaf(place, { as: 'type', operator: 'isnotnull' })

export const isMissing = (place: JsonPlace): Condition => leaf(place, { as: 'type', operator: 'isnull' })

/** That the value at a place is exactly this one; the order of keys does not count. */
export function equals(place: JsonPlace, value: Json): Condition {
  if (typeof value === 'string') return leaf(place, { as: 'text', operator: 'exact', values: [value] })
  if (typeof value === 'number') return leaf(place, { as: 'number', operator: 'exact', values: [value] })
  if (value === null || typeof value === 'boolean') {
    return leaf(place, { as: 'literal', operator: 'exact', values: [String(value)] })
  }
  if (place.dialect !== 'mysql') {
    return leaf(place, { as: 'value', operator: 'json_equal', values: [JSON.stringify(value)] })
  }
  const [type, entries] = entriesOf(value)
  const length = leaf(place, { as: 'length', operator: 'exact', values: [entries.length] })
  return { all: [hasType(place, type), length, ...entries.map(([step, inner]) => equals(below(place, step), inner))] }
}

/** That the value at a place holds this one, as PostgreSQL's `@>` has it. */
export function contains(place: JsonPlace, value: Json, isTop = true): Condition {
  if (place.dialect !== 'mysql') {
    return leaf(place, { as: 'value', operator: 'json_contains', values: [JSON.stringify(value)] })
  }
  if (!isCompound(value)) {
    const itself = equals(place, value)
    // At the top, a list holds a value that is one of its items.
    return isTop ? { any: [itself, hasItem(place, (item) => equals(item, value))] } : itself
  }
  if (Array.isArray(value)) {
    return {
      all: [hasType(place, 'array'), ...value.map((inner) => hasItem(place, (item) => contains(item, inner, false)))],
    }
  }
  const members = Object.entries(value).map(([key, inner]) => contains(below(place, key), inner, false))
  return { all: [hasType(place, 'object'), ...members] }
}

/** That the value at a place is held by this one. */
export function containedBy(place: JsonPlace, value: Json, isTop = true): Condition {
  if (place.dialect !== 'mysql') {
    return leaf(place, { as: 'value', operator: 'json_contained_by', values: [JSON.stringify(value)] })
  }
  if (!isCompound(value)) return equals(place, value)
  if (Array.isArray(value)) {
    const scalars = isTop ? value.filter((inner) => !isCompound(inner)).map((inner) => equals(place, inner)) : []
    const isOther = (item: JsonPlace): Condition => ({
      not: { any: value.map((inner) => containedBy(item, inner, false)) },
    })
    return { any: [...scalars, { all: [hasType(place, 'array'), { not: hasItem(place, isOther) }] }] }
  }
  const keys = Object.keys(value)
  const members = Object.entries(value).map(([key, inner]): Condition => {
    const member = below(place, key)
    return { any: [isMissing(member), containedBy(member, inner, false)] }
  })
  const within = leaf(place, { as: 'keys', operator: 'json_contained_by', values: [JSON.stringify(keys)] })
  return { all: [hasType(place, 'object'), within, ...members] }
}

const hasType = (place: JsonPlace, type: 'array' | 'object'): Condition =>
  leaf(place, { as: 'type', operator: 'exact', values: [type] })

function hasItem(place: JsonPlace, where: (item: JsonPlace) => Condition): Condition {
  return { all: [hasType(place, 'array'), anyItem(place, where)] }
}

type JsonCompound = readonly Json[] | { readonly [key: string]: Json }

export const isCompound = (value: Json): value is JsonCompound => typeof value === 'object' && value !== null

function entriesOf(value: JsonCompound): readonly ['array' | 'object', readonly (readonly [string | number, Json])[]] {
  if (Array.isArray(value)) return ['array', value.map((inner: Json, at) => [at, inner])]
  return ['object', Object.entries(value)]
}
