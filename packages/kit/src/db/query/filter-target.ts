import {
  isForeignKey,
  isMomentPart,
  JSON_PATH_LOOKUPS,
  type Lookup,
  type MomentPart,
  PART_LOOKUPS,
  Problem,
} from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, type Registry } from '../models/index.ts'
import type { JsonStep } from './column-view.ts'
import type { Condition, RelatedStep } from './condition.ts'
import type { FieldPath } from './field-path.ts'
import { jsonSteps } from './json-place.ts'

/** What a path leads to: a column, over relations that may lead to many rows. */
export interface FilterTarget {
  readonly related: readonly RelatedStep[]
  /** The column, from the model that the relations lead to. */
  readonly path: FieldPath
  /** Whether the path ends with a relation, and means the row there: its id. */
  readonly isRow: boolean
}

/** What the key of a filter asks: `orders__created_at__year__gte`. */
export interface FilterKey extends FilterTarget {
  readonly lookup: Lookup
  readonly part?: MomentPart
  readonly steps?: readonly JsonStep[]
}

/**
 * Finds the column that a path names, over foreign keys and over relations that lead back.
 *
 * @throws {TypeError} if a step names nothing, or the path goes on behind a column
 */
export function resolveTarget(registry: Registry, model: AnyModel, name: string): FilterTarget {
  const { rest, ...target } = walk(registry, model, name)
  if (rest.length > 0) throw new TypeError(`Cannot follow "${name}": ${target.path.name} is no relation`)
  return target
}

/**
 * Reads the key of a filter.
 *
 * @throws {TypeError} if it names a field or a lookup that there is not
 */
export function resolveFilter(registry: Registry, model: AnyModel, key: string): FilterKey {
  const { lookup, ...target } = readFilterKey(registry, model, key)
  if (lookup !== null) return { ...target, lookup }
  const isBare = !target.part && !target.steps
  return { ...target, lookup: isBare ? lookupOf('exact', target.path.column.kind.lookups, { key, model }) : 'exact' }
}

/** The same, where a key may leave its lookup out to mean any. @throws {TypeError} as `resolveFilter` does */
export function readFilterKey(
  registry: Registry,
  model: AnyModel,
  key: string,
): FilterTarget & Pick<FilterKey, 'part' | 'steps'> & { readonly lookup: Lookup | null } {
  const { rest, ...target } = walk(registry, model, key)
  const { kind } = target.path.column
  const [first, second] = rest
  if (first === undefined) return { ...target, lookup: null }
  if (kind.lookups.includes('has_key')) return { ...target, ...jsonKey(rest, { key, model }) }
  if (isMomentPart(first) && kind.lookups.includes(first) && rest.length <= 2) {
    const lookup = second === undefined ? null : lookupOf(second, PART_LOOKUPS, { key, model })
    return { ...target, part: first, lookup }
  }
  if (second !== undefined) throw unknownLookup(rest.join('__'), kind.lookups, { key, model })
  return { ...target, lookup: lookupOf(first, kind.lookups, { key, model }) }
}

/** A condition on the rows that relations lead to, as one on the rows where they begin. */
export function relatedTo(related: readonly RelatedStep[], where: Condition): Condition {
  return related.reduceRight<Condition>((inner, step) => ({ related: step, where: inner }), where)
}

/** Whether a condition on the row at the end of relations asks that there be none: `orders__isnull: true`. */
export const asksForNone = ({ isRow }: FilterTarget, where: Condition): boolean =>
  isRow && 'path' in where && where.operator === 'isnull'

/** A condition on what a filter's key leads to, as one on the rows where it begins. */
export function reached(target: FilterTarget, where: Condition): Condition {
  if (asksForNone(target, where)) return { not: relatedTo(target.related, { not: where }) }
  return relatedTo(target.related, where)
}

interface Walked extends FilterTarget {
  /** What follows the column: lookups, parts, keys. */
  readonly rest: readonly string[]
}

function walk(registry: Registry, model: AnyModel, name: string): Walked {
  const steps = name.split('__')
  const related: RelatedStep[] = []
  let hops: Column[] = []
  let begin = 0
  let at = model
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] ?? ''
    const column = at.columns.get(step)
    const relation = column ? undefined : registry.relation(at, step)
    if (relation) {
      related.push({ hops, relation, name: steps.slice(begin, index + 1).join('__') })
      hops = []
      begin = index + 1
      at = relation.model
      const isRow = endsAtRow(registry, at, steps.slice(begin))
      if (isRow) return rowOf(at, { related, rest: steps.slice(begin) })
      continue
    }
    if (!column) throw unknownStep(registry, at, { step, name })
    const next = steps[index + 1]
    if (isForeignKey(column.kind) && next !== undefined && leadsOn(registry, registry.target(column), next)) {
      hops.push(column)
      at = registry.target(column)
      continue
    }
    // The id of a row pointed to stands in the foreign key itself: no join is needed for it.
    const key = step === 'id' ? hops.pop() : undefined
    const path = { hops, column: key ?? column, name: steps.slice(begin, index + 1).join('__') }
    return { related, path, isRow: false, rest: steps.slice(index + 1) }
  }
  throw new TypeError(`Cannot follow "${name}": it ends with a relation`)
}

function rowOf(model: AnyModel, { related, rest }: Pick<Walked, 'related' | 'rest'>): Walked {
  return { related, path: { hops: [], column: columnNamed(model, 'id'), name: 'id' }, isRow: true, rest }
}

const leadsOn = (registry: Registry, model: AnyModel, step: string): boolean =>
  model.columns.has(step) || registry.relation(model, step) !== undefined

/** Whether nothing follows a relation but a lookup, which is then of the row itself. */
function endsAtRow(registry: Registry, model: AnyModel, rest: readonly string[]): boolean {
  const [next] = rest
  return next === undefined || (rest.length === 1 && !leadsOn(registry, model, next) && ROW_LOOKUPS.has(next))
}

const ROW_LOOKUPS = new Set(['exact', 'in', 'isnull'])

function jsonKey(
  rest: readonly string[],
  place: KeyPlace,
): { readonly steps: readonly JsonStep[]; readonly lookup: Lookup | null } {
  const last = rest.at(-1) ?? ''
  const isLookup = JSON_PATH_LOOKUPS.some((lookup) => lookup === last)
  const steps = jsonSteps(isLookup ? rest.slice(0, -1) : rest)
  if (steps instanceof Problem) throw new TypeError(`Cannot filter by "${place.key}": ${steps.messages.join(' ')}`)
  return { steps, lookup: isLookup ? lookupOf(last, JSON_PATH_LOOKUPS, place) : null }
}

interface KeyPlace {
  readonly key: string
  readonly model: AnyModel
}

function lookupOf(name: string, lookups: readonly Lookup[], place: KeyPlace): Lookup {
  const found = lookups.find((lookup) => lookup === name)
  if (!found) throw unknownLookup(name, lookups, place)
  return found
}

function unknownLookup(name: string, lookups: readonly Lookup[], { key, model }: KeyPlace): TypeError {
  return new TypeError(
    `Cannot filter ${model.label} by "${key}": it has no lookup "${name}". There are: ${lookups.join(', ')}`,
  )
}

function unknownStep(registry: Registry, at: AnyModel, { step, name }: { step: string; name: string }): TypeError {
  const names = [...at.columns.keys(), ...registry.relations(at).map((relation) => relation.name)]
  return new TypeError(`Cannot follow "${name}": ${at.label} has no field "${step}". It has: ${names.join(', ')}`)
}
