import type { Condition } from './condition.ts'
import type { DeletedRows, RowLock } from './select-spec.ts'

/** What the steps of a query have gathered. */
export interface QueryState {
  readonly conditions: readonly Condition[]
  readonly order: readonly string[]
  /** Names of relations to load along, with `__` between the steps. */
  readonly loaded: readonly string[]
  /** What relations among those are narrowed to. */
  readonly narrowed: ReadonlyMap<string, QueryState>
  readonly deleted: DeletedRows
  readonly lock?: RowLock | undefined
}

export const ALL_ROWS: QueryState = { conditions: [], order: [], loaded: [], narrowed: new Map(), deleted: 'without' }
