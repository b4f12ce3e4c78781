import { MigrationError } from '../migration-error.ts'
import { type MigrationGraph, statesOf } from './migration-graph.ts'
import type { MigrationStep } from './plan-steps.ts'
import type { AppliedMigrations } from './recorder.ts'

/**
 * Looks that a human has confirmed what may lose or refuse rows, before anything is changed. On an empty database too:
 * what is not confirmed must fail where it is tested, and not first where the rows are.
 *
 * @throws {MigrationError} naming each operation that is not confirmed, and what may come of it
 */
export function assertConfirmed(
  graph: MigrationGraph,
  applied: AppliedMigrations,
  steps: readonly MigrationStep[],
): void {
  const done = new Set(applied.keys())
  const problems: string[] = []
  for (const step of steps.filter(({ isBackwards }) => !isBackwards)) {
    problems.push(...unconfirmed(graph, step, done))
    done.add(step.migration.key)
  }
  if (problems.length === 0) return
  throw new MigrationError(
    `What may lose or refuse rows has to be confirmed first:\n${problems.join('\n')}\nRead the migration; if that is what you want, write { confirmed: true } into its operation.`,
  )
}

function unconfirmed(graph: MigrationGraph, { migration }: MigrationStep, done: ReadonlySet<string>): string[] {
  if (!migration.operations.some(({ risk, isConfirmed }) => risk && !isConfirmed)) return []
  const before = graph.stateOf((other) => done.has(other.key))
  const states = statesOf(migration, before)
  return migration.operations.flatMap((operation, index) => {
    const { app } = migration
    // A table that the same migration makes has no rows yet.
    const isNew = operation.model !== undefined && !before.find(`${app}.${operation.model}`)
    const wasRenamed = migration.operations.some(
      ({ name, args }) => name === 'renameModel' && args?.[1] === operation.model,
    )
    if (operation.isConfirmed || (isNew && !wasRenamed)) return []
    const risk = operation.risk?.(states[index] ?? before, app) ?? null
    return risk === null ? [] : [`  ${migration.key}: ${operation.describe()}: ${risk}`]
  })
}
