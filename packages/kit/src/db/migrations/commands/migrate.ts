import { type Clock, systemClock } from '../../../base/index.ts'
import type { Database, Session } from '../../dialects/index.ts'
import { changedApps } from '../detection/index.ts'
import {
  type AppliedMigrations,
  assertConsistentHistory,
  type Destination,
  destinationOf,
  ensureHistoryTable,
  loadMigrations,
  type MigrationApp,
  type MigrationGraph,
  type MigrationStep,
  type MigrationTarget,
  planSteps,
  readApplied,
  runStep,
  withMigrationLock,
} from '../history/index.ts'
import { ProjectState } from '../project-state.ts'

export interface MigrateOptions {
  readonly database: Database
  readonly apps: readonly MigrationApp[]
  /** By default everything there is. */
  readonly target?: MigrationTarget
  /** Only tells what would be done. */
  readonly plan?: boolean
  /** Only notes the migrations as done. */
  readonly fake?: boolean
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
 * second waits, and then finds nothing to do.
 *
 * @throws {MigrationError} if the target does not exist, the history is not sound, or an operation fails
 */
export async function migrate(options: MigrateOptions): Promise<MigrateOutcome> {
  const { database, apps, target, onProgress = () => {} } = options
  const graph = await loadMigrations(apps)
  const destination = destinationOf(graph, apps, target)
  if (destination.kind === 'all') graph.assertNoConflicts()
  if (options.plan) return showPlan({ graph, destination, database, onProgress })
  onProgress(`Operations to perform:\n  ${describeDestination(destination)}\n`)
  const lock = {
    timeoutMs: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    onWait: () => onProgress('Waiting for another process that migrates this database...\n'),
  }
  return withMigrationLock(database, lock, async (session) => {
    await ensureHistoryTable(session, database.dialect)
    const applied = await readApplied(session, database.dialect)
    assertConsistentHistory(graph, applied)
    const steps = planSteps(graph, applied, destination)
    onProgress('Running migrations:\n')
    if (steps.length === 0) onProgress(nothingToApply(graph, apps))
    await runSteps(steps, { ...options, onProgress, session, graph, applied })
    return outcomeOf(steps)
  })
}

interface RunOptions extends MigrateOptions {
  readonly onProgress: (text: string) => void
  readonly session: Session
  readonly graph: MigrationGraph
  readonly applied: AppliedMigrations
}

async function runSteps(steps: readonly MigrationStep[], options: RunOptions): Promise<void> {
  const { database, session, graph, onProgress, clock = systemClock, fake = false } = options
  for (const sql of sessionSettings(database)) await session.execute({ sql })
  const applied = new Set(options.applied.keys())
  for (const step of steps) {
    const { migration, isBackwards } = step
    const position = graph.ordered.indexOf(migration)
    const before = graph.stateOf((other) => applied.has(other.key) && graph.ordered.indexOf(other) < position)
    onProgress(`  ${isBackwards ? 'Unapplying' : 'Applying'} ${migration.key}...`)
    try {
      await runStep(step, { database, session, clock, before, isFake: fake })
    } catch (error) {
      onProgress(' FAILED\n')
      throw error
    }
    if (isBackwards) applied.delete(migration.key)
    else applied.add(migration.key)
    onProgress(fake ? ' FAKED\n' : ' OK\n')
  }
}

/** For this run's own connection: a change of a large table may take longer than a request ever may. */
function sessionSettings({ dialect, version }: Database): string[] {
  switch (dialect) {
    case 'postgresql':
      return ['set statement_timeout = 0', 'set idle_in_transaction_session_timeout = 0']
    case 'mysql':
      return /mariadb/i.test(version) ? ['set max_statement_time = 0', 'set idle_transaction_timeout = 0'] : []
    case 'sqlite':
      // Tables cannot be made anew under foreign keys.
      return ['pragma foreign_keys = off']
  }
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

interface PlanOptions {
  readonly graph: MigrationGraph
  readonly destination: Destination
  readonly database: Database
  readonly onProgress: (text: string) => void
}

async function showPlan({ graph, destination, database, onProgress }: PlanOptions): Promise<MigrateOutcome> {
  const applied = await readApplied(database, database.dialect)
  assertConsistentHistory(graph, applied)
  const steps = planSteps(graph, applied, destination)
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
