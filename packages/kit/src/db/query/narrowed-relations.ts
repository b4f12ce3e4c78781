import type { AnyModel, Relation } from '../models/index.ts'
import { keyNamed } from './load-related.ts'
import type { QuerySource } from './query-source.ts'
import type { QueryState } from './query-state.ts'

/** Takes a query of all rows of a model through the steps that narrow it; null where no query comes back. */
export type Narrow = (target: AnyModel, steps: unknown) => QuerySource | null

/**
 * The state of a query that also loads relations along whose rows are narrowed.
 *
 * @throws {TypeError} for what leads to one row or to none, is loaded already, or gives something else back than its query
 */
export function narrowedRelations(
  source: QuerySource,
  wanted: Readonly<Record<string, unknown>>,
  narrow: Narrow,
): Partial<QueryState> {
  const { ctx, model, state } = source
  const narrowed = new Map(state.narrowed)
  for (const [name, steps] of Object.entries(wanted)) {
    const place = `${model.label}.${name}`
    const relation = narrowable(source, name)
    if (state.loaded.includes(name)) throw new TypeError(`Cannot narrow ${place}: it is loaded along already`)
    const inner = narrow(relation.model, steps)
    if (!inner) {
      throw new TypeError(
        `Cannot narrow ${place}: give a function that gives the query back, as in (query) => query.filter({ … }). Rows cannot be counted off for each ${model.verboseName}`,
      )
    }
    if (inner.ctx !== ctx || inner.model !== relation.model) {
      throw new TypeError(`Cannot narrow ${place}: give back the query that the function is given, with further steps`)
    }
    if (inner.state.lock)
      throw new TypeError(`Cannot narrow ${place}: forUpdate() holds the rows of a query of its own`)
    narrowed.set(name, inner.state)
  }
  return { loaded: [...state.loaded, ...Object.keys(wanted)], narrowed }
}

function narrowable({ ctx, model }: QuerySource, name: string): Relation {
  const relation = ctx.store.registry.relation(model, name)
  if (relation) return relation
  if (name.includes('__')) {
    throw new TypeError(`Cannot narrow ${model.label}.${name}: narrow its first step, and within that the next`)
  }
  keyNamed(ctx.store.registry, model, name)
  throw new TypeError(
    `Cannot narrow ${model.label}.${name}: a foreign key leads to one row. Load it by with('${name}')`,
  )
}
