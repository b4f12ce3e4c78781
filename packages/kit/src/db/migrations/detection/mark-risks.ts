import type { Operation } from '../operations/index.ts'
import type { ProjectState } from '../project-state.ts'
import type { PlannedOperation } from './planned-operation.ts'

export interface MarkedOperations {
  readonly operations: readonly PlannedOperation[]
  /** What is not confirmed, and what may come of it. */
  readonly risks: ReadonlyMap<Operation, string>
}

/** Makes operations that may lose or refuse rows say whether that is confirmed. */
export function markRisks(
  planned: readonly PlannedOperation[],
  from: ProjectState,
  isConfirmed: boolean,
): MarkedOperations {
  const risks = new Map<Operation, string>()
  const created = new Set<string>()
  let state = from
  const operations = planned.map((each) => {
    const { app, operation } = each
    const risk = operation.risk?.(state, app) ?? null
    state = operation.stateForwards(state, app)
    if (operation.name === 'createModel') created.add(`${app}.${String(operation.args?.[0])}`)
    // A table that is made along has no rows yet.
    if (risk === null || !operation.confirming || created.has(`${app}.${operation.model}`)) return each
    const marked = operation.confirming(isConfirmed)
    if (!isConfirmed) risks.set(marked, risk)
    return { ...each, operation: marked }
  })
  return { operations, risks }
}
