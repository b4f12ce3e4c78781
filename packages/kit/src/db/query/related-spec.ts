import type { DriverValue } from '../dialects/index.ts'
import { columnNamed, type Registry, type Relation } from '../models/index.ts'
import { orderTerms } from './order-terms.ts'
import { padded } from './padded.ts'
import { plainSpec } from './select-rows.ts'
import type { SelectSpec } from './select-spec.ts'

export interface RelatedParts {
  readonly relation: Relation
  /** The owners' ids in the database's form: no more than go into one statement. */
  readonly ids: readonly DriverValue[]
  readonly perOwner?: number
}

/** A select of the whole rows that a relation leads to from some owners, in the order of their model. */
export function relatedSpec(registry: Registry, { relation, ids, perOwner }: RelatedParts): SelectSpec {
  const { model, column, through } = relation
  // The key to the owner, which is a column of the pairs where there are any.
  const key = columnNamed(through?.model ?? model, column.name)
  const path = { hops: [], column: key, name: column.name }
  const owners = { path, operator: 'in', values: padded(ids), foldsUnicode: false } as const
  return {
    ...plainSpec(model),
    order: orderTerms(registry, model, model.ordering),
    related: { relation, owners, perOwner: perOwner ?? null },
  }
}
