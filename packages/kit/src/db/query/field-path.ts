import { isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, type Registry } from '../models/index.ts'

/** A column reached from a model over its foreign keys: `owner__email` is `email` over `owner`. */
export interface FieldPath {
  /** The foreign keys that are followed, in order. */
  readonly hops: readonly Column[]
  readonly column: Column
  /** The path in words: `owner__email`. */
  readonly name: string
}

/**
 * Finds the column that a path names.
 *
 * @throws {TypeError} if a step names no field, or follows a field that points nowhere
 */
export function resolvePath(registry: Registry, model: AnyModel, name: string): FieldPath {
  const hops: Column[] = []
  let at = model
  const steps = name.split('__')
  const last = steps.pop() ?? ''
  for (const step of steps) {
    const column = stepOf(registry, at, { step, name })
    if (!isForeignKey(column.kind)) {
      const lookups = column.kind.lookups.join(', ')
      throw new TypeError(`Cannot follow "${name}": ${at.label}.${step} is no foreign key. Its lookups: ${lookups}`)
    }
    hops.push(column)
    at = registry.target(column)
  }
  // The id of a row pointed to stands in the foreign key itself: no join is needed for it.
  const key = last === 'id' ? hops.pop() : undefined
  return { hops, column: key ?? stepOf(registry, at, { step: last, name }), name }
}

function stepOf(
  registry: Registry,
  at: AnyModel,
  { step, name }: { readonly step: string; readonly name: string },
): Column {
  if (!at.columns.has(step) && registry.relation(at, step)) {
    const remedy = 'only foreign keys can be followed here'
    throw new TypeError(`Cannot follow "${name}": ${at.label}.${step} is a relation without a column, and ${remedy}`)
  }
  return columnNamed(at, step)
}
