import { changedApps } from '../detection/index.ts'
import type { Operation } from '../operations/index.ts'
import type { ProjectState } from '../project-state.ts'
import { combined } from './combine-operations.ts'
import { areIndependent, type Reach, reachOf } from './operation-reach.ts'

export interface OptimizeOptions {
  readonly app: string
  /** The models before the first operation. */
  readonly before: ProjectState
}

/**
 * Makes of operations fewer that lead to the same: a field that is added goes into the model that is created before, one
 * that is added and removed goes for good. What is between two operations must not mind when they meet, so SQL and
 * scripts keep what is before them from what is behind.
 */
export function optimizeOperations(operations: readonly Operation[], options: OptimizeOptions): Operation[] {
  let list = [...operations]
  for (let next = folded(list, options); next !== null; next = folded(list, options)) list = next
  return isSound(operations, list, options) ? list : [...operations]
}

/** The list with one pair made one; null if there is no such pair. */
function folded(list: readonly Operation[], options: OptimizeOptions): Operation[] | null {
  const reaches = list.map((operation) => reachOf(operation, options.app))
  let before = options.before
  for (const [first, operation] of list.entries()) {
    for (let second = first + 1; second < list.length; second += 1) {
      const pair = pairFolded(list, reaches, { first, second, app: options.app, before })
      if (pair) return pair
      // What nobody knows may need all that is before it.
      if (reaches[second] === null) break
    }
    before = operation.stateForwards(before, options.app)
  }
  return null
}

interface Pair extends OptimizeOptions {
  readonly first: number
  readonly second: number
}

function pairFolded(
  list: readonly Operation[],
  reaches: readonly (Reach | null)[],
  { first, second, app, before }: Pair,
): Operation[] | null {
  const [one, other] = [list[first], list[second]]
  if (!one || !other) return null
  const between = reaches.slice(first + 1, second)
  const otherMovesUp = between.every((reach) => areIndependent(reach, reaches[second] ?? null))
  const oneMovesDown = between.every((reach) => areIndependent(reach, reaches[first] ?? null))
  if (!otherMovesUp && !oneMovesDown) return null
  const context = { app, before: otherMovesUp ? before : stateAfter(list.slice(first + 1, second), { app, before }) }
  const result = combined(one, other, context)
  if (!result) return null
  const rest = list.slice(first + 1, second)
  const middle = otherMovesUp ? [...result, ...rest] : [...rest, ...result]
  return [...list.slice(0, first), ...middle, ...list.slice(second + 1)]
}

function stateAfter(operations: readonly Operation[], { app, before }: OptimizeOptions): ProjectState {
  return operations.reduce((state, operation) => operation.stateForwards(state, app), before)
}

/** Whether the shorter list leads to the same models, and no two models share a table on the way. */
function isSound(long: readonly Operation[], short: readonly Operation[], options: OptimizeOptions): boolean {
  let state = options.before
  for (const operation of short) {
    state = operation.stateForwards(state, options.app)
    const tables = state.models.map(({ table }) => table)
    if (new Set(tables).size < tables.length) return false
  }
  return changedApps(stateAfter(long, options), state).length === 0
}
