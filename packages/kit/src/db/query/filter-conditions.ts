import { type AnyModel, isQ, type Q } from '../models/index.ts'
import { compareOrThrow } from './comparison.ts'
import type { Condition, RelatedStep } from './condition.ts'
import { asksForNone, relatedTo, resolveFilter } from './filter-target.ts'
import type { Store } from './store.ts'

/**
 * What filters such as `{ name__icontains: 'acme' }`, and conditions made by `q`, ask of a row: all of it. What is asked
 * of one relation that leads to many rows holds for one and the same of them.
 *
 * @throws {ApiError} for values that cannot be; {TypeError} for fields and lookups that there are not
 */
export function filterConditions(
  store: Store,
  model: AnyModel,
  filters: readonly (object | Q<object>)[],
): readonly Condition[] {
  return scopedAll(filters.map((filter) => asked(store, model, filter)))
}

/** A condition before it is known which of its parts look at the same related row. */
type Asked =
  | { readonly related: readonly RelatedStep[]; readonly where: Condition }
  | { readonly all: readonly Asked[] }
  | { readonly any: readonly Asked[] }
  | { readonly not: Asked }

function asked(store: Store, model: AnyModel, filter: object | Q<object>): Asked {
  if (!isQ<object>(filter)) {
    return { all: Object.entries(filter).map(([key, value]) => askedBy(store, model, { key, value })) }
  }
  const parts = filter.parts.map((part) => asked(store, model, part))
  if (filter.kind === 'not') return { not: { all: parts } }
  return filter.kind === 'or' ? { any: parts } : { all: parts }
}

function askedBy(store: Store, model: AnyModel, { key, value }: { key: string; value: unknown }): Asked {
  const target = resolveFilter(store.registry, model, key)
  const { related } = target
  const where = compareOrThrow(key, { ...target, value, dialect: store.database.dialect })
  return asksForNone(target, where) ? { not: { related, where: { not: where } } } : { related, where }
}

function scopedAll(given: readonly Asked[]): Condition[] {
  const parts = given.flatMap(flattened)
  const alone = parts.filter((part) => stepsOf(part).length === 0)
  const asking = parts.filter((part) => stepsOf(part).length > 0)
  const mixed = asking.find((part) => 'any' in part && !isWithin(part) && sharesStep(part, asking))
  if (mixed && 'any' in mixed)
    return [
      distributed(
        mixed.any,
        parts.filter((part) => part !== mixed),
      ),
    ]
  const scoped: Condition[] = alone.map(scopedOne)
  for (const group of groupsOf(asking))
    scoped.push(group.length === 1 ? scopedOne(group[0] ?? { all: [] }) : together(group))
  return scoped
}

/** `(a or b) and c` as `(a and c) or (b and c)`, so that each side can be held to its own related rows. */
function distributed(sides: readonly Asked[], others: readonly Asked[]): Condition {
  return { any: sides.map((side) => ({ all: scopedAll([side, ...others]) })) }
}

function scopedOne(part: Asked): Condition {
  if ('where' in part) return relatedTo(part.related, part.where)
  if ('not' in part) return { not: apart(part.not) }
  if ('any' in part) return { any: part.any.map(scopedOne) }
  const all = scopedAll(part.all)
  const [only] = all
  return only && all.length === 1 ? only : { all }
}

/** In a negation each comparison looks for a row of its own, as in Django's `exclude`. */
function apart(part: Asked): Condition {
  if ('where' in part) return relatedTo(part.related, part.where)
  if ('not' in part) return { not: apart(part.not) }
  if ('any' in part) return { any: part.any.map(apart) }
  return { all: part.all.map(apart) }
}

/** Parts that all begin with one step, held to one row behind it. */
function together(parts: readonly Asked[]): Condition {
  const [step] = parts.flatMap(stepsOf)
  if (!step) return { all: [] }
  const all = scopedAll(parts.map(behind))
  const [only] = all
  return { related: step, where: only && all.length === 1 ? only : { all } }
}

function behind(part: Asked): Asked {
  if ('where' in part) return { ...part, related: part.related.slice(1) }
  if ('any' in part) return { any: part.any.map(behind) }
  return 'all' in part ? { all: part.all.map(behind) } : part
}

const flattened = (part: Asked): Asked[] => ('all' in part ? part.all.flatMap(flattened) : [part])

/** The relations that a part looks for a row of, outside negations. */
function stepsOf(part: Asked): RelatedStep[] {
  if ('where' in part) return part.related.slice(0, 1)
  if ('not' in part) return []
  return ('any' in part ? part.any : part.all).flatMap(stepsOf)
}

/** Whether all that a part asks is asked of one related row. */
function isWithin(part: Asked): boolean {
  if ('not' in part) return false
  if ('where' in part) return part.related.length > 0
  const parts = 'any' in part ? part.any : part.all
  return parts.every(isWithin) && new Set(stepsOf(part).map(({ name }) => name)).size === 1
}

function sharesStep(part: Asked, others: readonly Asked[]): boolean {
  const names = new Set(stepsOf(part).map(({ name }) => name))
  return others.some((other) => other !== part && stepsOf(other).some(({ name }) => names.has(name)))
}

function groupsOf(parts: readonly Asked[]): Asked[][] {
  const groups = new Map<unknown, Asked[]>()
  for (const part of parts) {
    const key = isWithin(part) ? stepsOf(part)[0]?.name : part
    groups.set(key, [...(groups.get(key) ?? []), part])
  }
  return [...groups.values()]
}
