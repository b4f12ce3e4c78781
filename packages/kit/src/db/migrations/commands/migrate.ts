import type { Clock } from '../../../base/index.ts'
import type { Database } from '../../dialects/index.ts'
import { changedApps } from '../detection/index.ts'
import {
  assertConfirmed,
  assertConsistentHistory,
  type Destination,
  destinationOf,
  ensureHistoryTable,
  type MigrationApp,
  type MigrationGraph,
  type MigrationHistory,
  type MigrationStep,
  type MigrationTarget,
  planSteps,
  readHistory,
  withMigrationLock,
} from '../history/index.ts'
import { ProjectState } from '../project-state.ts'
import { StepRunner } from './step-runner.ts'

export interface MigrateOptions {
  readonly database: Database
  readonly apps: readonly MigrationApp[]
  /** By default everything there is. */
  readonly target?: MigrationTarget
  /** Only tells what would be done. */
  readonly plan?: boolean
  /** Only notes the migrations as done. */
  readonly fake?: boolean
  /** Only notes the first migration of an app as done, if all of its tables are there as it makes them. */
  readonly fakeInitial?: boolean
  /** Gets the text for the terminal piece by piece, line ends included. */
  readonly onProgress?: (text: string) => void
  readonly clock?: Clock
  /** How long to wait for another process that migrates the same database. Five minutes by default. */
  readonly lockTimeoutMs?: number
}

export interface MigrateOutcome {
  /** What was applied, or with `plan` would be: `clients.0001_initial`. */
  readonly applied: readonly string[]
  readonly unapplied: readonly string[]
}

const LOCK_TIMEOUT_MS = 300_000

/**
 * Brings the tables of a database to where the migrations say, forwards or back. Of two processes that do so at once the
 * second waits, and then finds nothing to do. One that is broken off is taken up by the next run where it was.
 *
 * @throws {MigrationError} if the target does not exist, the history is not sound, or an operation fails
 */
export async function migrate(options: MigrateOptions): Promise<MigrateOutcome> {
  const { database, apps, onProgress = () => {} } = options
  const { dialect } = database
  const seen = await readHistory({ dialect, executor: database }, apps)
  const destination = soundDestination(seen, options)
  if (options.plan) return showPlan(planSteps(seen.graph, seen.applied, destination), onProgress)
  onProgress(`Operations to perform:\n  ${describeDestination(destination)}\n`)
  const lock = {
    timeoutMs: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    onWait: () => onProgress('Waiting for another process that migrates this database...\n'),
  }
  return withMigrationLock(database, lock, async (session) => {
    await ensureHistoryTable(session, dialect)
    onProgress('Running migrations:\n')
    const runner = new StepRunner({ ...options, onProgress, session })
    const resumed = await runner.finishUnfinished(await readHistory({ dialect, executor: session }, apps))
    // Another process may have been here since the first look.
    const history = await readHistory({ dialect, executor: session }, apps)
    const steps = planSteps(history.graph, history.applied, soundDestination(history, options))
    if (!options.fake) assertConfirmed(history.graph, history.applied, steps)
    if (steps.length === 0 && resumed.length === 0) onProgress(nothingToApply(history.graph, apps))
    await runner.runAll(steps, history)
    await runner.noteReplacements(await readHistory({ dialect, executor: session }, apps))
    await runner.restorePolicies()
    return outcomeOf([...resumed, ...steps])
  })
}

function soundDestination(history: MigrationHistory, { apps, target }: MigrateOptions): Destination {
  const { graph, applied } = history
  const destination = destinationOf(graph, apps, target)
  if (destination.kind === 'all') graph.assertNoConflicts()
  assertConsistentHistory(graph, applied)
  return destination
}

function describeDestination(destination: Destination): string {
  switch (destination.kind) {
    case 'all':
      return `Apply all migrations: ${destination.apps.join(', ') || '(none)'}`
    case 'zero':
      return `Unapply all migrations: ${destination.app}`
    case 'migration':
      return `Target specific migration: ${destination.migration.name}, from ${destination.migration.app}`
  }
}

function nothingToApply(graph: MigrationGraph, apps: readonly MigrationApp[]): string {
  const changed = changedApps(graph.stateOf(), new ProjectState(apps.flatMap((app) => app.models)))
  const nothing = '  No migrations to apply.\n'
  if (changed.length === 0) return nothing
  const names = changed.map((app) => `'${app}'`).join(', ')
  return `${nothing}  Your models in app(s): ${names} have changes that are not yet reflected in a migration, and so won't be applied.\n  Run 'manage makemigrations' to make new migrations, and then re-run 'manage migrate' to apply them.\n`
}

function showPlan(steps: readonly MigrationStep[], onProgress: (text: string) => void): MigrateOutcome {
  onProgress('Planned operations:\n')
  if (steps.length === 0) onProgress('  No planned migration operations.\n')
  for (const { migration, isBackwards } of steps) {
    const operations = isBackwards ? migration.operations.toReversed() : migration.operations
    const lines = operations.map((operation) => `    ${isBackwards ? 'Undo ' : ''}${operation.describe()}\n`)
    onProgress(`${migration.key}\n${lines.join('')}`)
  }
  return outcomeOf(steps)
}

function outcomeOf(steps: readonly MigrationStep[]): MigrateOutcome {
  const keys = (isBackwards: boolean): string[] =>
    steps.filter((step) => step.isBackwards === isBackwards).map((step) => step.migration.key)
  return { applied: keys(false), unapplied: keys(true) }
}
