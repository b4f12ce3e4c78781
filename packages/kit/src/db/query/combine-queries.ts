import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import type { QuerySource } from './query-source.ts'
import type { QueryState } from './query-state.ts'

/** Rows in one query or the other, in both, or in the first alone. */
export type Combination = 'union' | 'intersect' | 'difference'

/**
 * The rows of two queries on one model, put together: what comes out is a query like others. Order and loaded rows are
 * the first one's.
 *
 * @throws {TypeError} if the other query is on another model, or stands in another business
 */
export function combined(source: QuerySource, other: QuerySource, combination: Combination): Partial<QueryState> {
  assertAlike(source, other)
  const isAlike = source.state.deleted === other.state.deleted
  const whole = (side: QuerySource): Condition => ({
    all: [...side.state.conditions, ...(isAlike ? [] : binConditions(side))],
  })
  return {
    conditions: [conditionOf(whole(source), whole(other), combination)],
    ...(isAlike ? {} : { deleted: 'with' }),
  }
}

function conditionOf(left: Condition, right: Condition, combination: Combination): Condition {
  switch (combination) {
    case 'union':
      return { any: [left, right] }
    case 'intersect':
      return { all: [left, right] }
    case 'difference':
      return { all: [left, { not: right }] }
  }
}

function assertAlike(source: QuerySource, other: QuerySource): void {
  if (source.model !== other.model) {
    throw new TypeError(`Cannot combine queries on ${source.model.label} and ${other.model.label}`)
  }
  if (source.ctx.business !== other.ctx.business || source.ctx.reach !== other.ctx.reach) {
    throw new TypeError('Cannot combine queries of two businesses')
  }
}

/** Which rows of the bin a query has, said as a condition. */
function binConditions({ ctx, model, state }: QuerySource): Condition[] {
  if (!model.hasSoftDelete || state.deleted === 'with') return []
  const path = resolvePath(ctx.store.registry, model, 'deleted_at')
  const operator = state.deleted === 'only' ? 'isnotnull' : 'isnull'
  return [{ path, operator, values: [], foldsUnicode: false }]
}
