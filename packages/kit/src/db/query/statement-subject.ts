import type { StatementSubject } from '../dialects/index.ts'
import { isForeignKey } from '../fields/index.ts'
import type { AnyModel, Column, Registry } from '../models/index.ts'
import type { SelectSpec } from './select-spec.ts'

/** What a select is about, for the log: its model, and the relations over which its rows might have been read along. */
export function subjectOf(registry: Registry, spec: SelectSpec): StatementSubject {
  const key = soleKey(spec)
  return { model: spec.model.label, relations: key ? relationsOver(registry, spec, key) : [] }
}

/** The id or the foreign key that a select looks for, if it looks for one value of it. */
function soleKey({ conditions }: SelectSpec): Column | null {
  for (const condition of conditions) {
    if (!('path' in condition) || condition.operator !== 'exact' || condition.path.hops.length > 0) continue
    const { column } = condition.path
    if (column.origin === 'id' || isForeignKey(column.kind)) return column
  }
  return null
}

function relationsOver(registry: Registry, { model }: SelectSpec, key: Column): StatementSubject['relations'] {
  if (key.origin !== 'id') return waysBack(registry, model, key)
  return registry.referrers(model).map((referrer) => ({ from: referrer.model.label, name: referrer.column.name }))
}

/** The relation that leads back along a foreign key; none where it has been given no name. */
function waysBack(registry: Registry, model: AnyModel, key: Column): StatementSubject['relations'] {
  const target = registry.target(key)
  const ways = registry.relations(target).filter((way) => way.model === model && way.column === key)
  return ways.map(({ name }) => ({ from: target.label, name }))
}
