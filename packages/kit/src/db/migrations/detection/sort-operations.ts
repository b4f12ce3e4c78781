import { MigrationError } from '../migration-error.ts'
import type { PlannedOperation } from './planned-operation.ts'

/** Puts each operation behind those that provide what it needs, and leaves the order as it is otherwise. */
export function sortOperations(operations: readonly PlannedOperation[]): PlannedOperation[] {
  const pending = new Set(operations)
  const sorted: PlannedOperation[] = []
  while (pending.size > 0) {
    const missing = new Set([...pending].flatMap((planned) => planned.provides))
    const next = [...pending].find((planned) =>
      planned.needs.every((need) => !missing.has(need) || provides(planned, need)),
    )
    if (!next) throw new MigrationError(`Cannot order the changes: ${describeAll(pending)} need each other`)
    pending.delete(next)
    sorted.push(next)
  }
  return sorted
}

const provides = (planned: PlannedOperation, need: string): boolean => planned.provides.includes(need)

const describeAll = (planned: Iterable<PlannedOperation>): string =>
  Array.from(planned, ({ app, operation }) => `"${operation.describe()}" of ${app}`).join(', ')
