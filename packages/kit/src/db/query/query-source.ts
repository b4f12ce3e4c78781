import type { AnyModel } from '../models/index.ts'
import { joinedKeys } from './load-related.ts'
import { orderTerms } from './order-terms.ts'
import type { QueryScope } from './query-scope.ts'
import type { QueryState } from './query-state.ts'
import { plainSpec } from './select-rows.ts'
import type { SelectSpec } from './select-spec.ts'

/** A query as plain facts: whose rows, which of them, and where it runs. */
export interface QuerySource {
  readonly ctx: QueryScope
  readonly model: AnyModel
  readonly state: QueryState
}

/** The select of whole rows that a query stands for. */
export function specOf({ ctx, model, state }: QuerySource): SelectSpec {
  const { registry } = ctx.store
  const { order, loaded, conditions, deleted, lock } = state
  return {
    ...plainSpec(model),
    conditions,
    order: orderTerms(registry, model, order.length > 0 ? order : model.ordering),
    deleted,
    ...(lock ? { lock } : {}),
    expansions: joinedKeys(ctx, model, loaded),
  }
}
