import type { Clock } from '../../../base/index.ts'
import type { DialectName, Executor, Session } from '../../dialects/index.ts'
import type { AnyModel } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import type { ProjectState } from '../project-state.ts'
import { policiesAway, restorePolicies } from '../row-policies/index.ts'
import { databaseSink, SchemaEditor, type ScriptDatabase, type SqlSink } from '../schema/index.ts'
import { BrokenOffError, Journal } from './journal.ts'
import { statesOf } from './migration-graph.ts'
import type { MigrationStep } from './plan-steps.ts'
import { clearProgress, type Progress } from './progress.ts'
import { recordApplied, recordUnapplied } from './recorder.ts'

export interface StepOptions {
  readonly database: ScriptDatabase
  readonly session: Session
  readonly clock: Clock
  /** The models before the migration. */
  readonly before: ProjectState
  /** The models of the project as they are now. */
  readonly models: readonly AnyModel[]
  /** Whether to note it as done, and do nothing. */
  readonly isFake: boolean
  /** How far this very step was when it was broken off. */
  readonly unfinished?: Progress | null
}

/**
 * Does one step and records it, all or nothing where one transaction can hold it. Where none can, it keeps a journal: a
 * step that is broken off is taken up again where it was.
 */
export async function runStep(step: MigrationStep, options: StepOptions): Promise<void> {
  const { session, database, clock, isFake, unfinished = null } = options
  const { dialect } = database
  const record = (executor: Executor): Promise<void> =>
    step.isBackwards
      ? recordUnapplied(executor, step.migration, dialect)
      : recordApplied(executor, step.migration, { dialect, clock })
  const isOneTransaction = isHeldTogether(step, database)
  if (!isFake && !isOneTransaction) return runJournalled(step, options, record)
  const transaction = await session.begin()
  try {
    if (isFake && unfinished) await clearProgress(transaction, dialect)
    if (!isFake) {
      const sink = databaseSink({ executor: transaction, database, clock })
      await withoutPolicies(step, { ...options, executor: transaction }, () =>
        runOperations(step, { ...options, sink }),
      )
    }
    if (!isFake) await assertForeignKeys(step, transaction, dialect)
    await record(transaction)
  } catch (error) {
    await transaction.rollback()
    throw error
  }
  await transaction.commit()
}

/** Whether one transaction can hold a step. */
function isHeldTogether({ migration }: MigrationStep, { hasTransactionalDdl }: StepOptions['database']): boolean {
  return migration.atomic && !migration.online && hasTransactionalDdl
}

async function runJournalled(
  step: MigrationStep,
  options: StepOptions,
  record: (executor: Executor) => Promise<void>,
): Promise<void> {
  const { session, database, clock, unfinished = null } = options
  const { app, name, atomic } = step.migration
  const { dialect } = database
  const { isBackwards } = step
  const saved = unfinished
  const journal = await Journal.open({
    session,
    database,
    clock,
    app,
    name,
    isBackwards,
    hasAtomicScripts: atomic,
    saved,
  })
  const run = (): Promise<void> => runOperations(step, { ...options, sink: journal })
  await withoutPolicies(step, { ...options, executor: session }, run)
  await assertForeignKeys(step, session, dialect)
  await journal.close(record)
}

interface PolicyOptions extends StepOptions {
  readonly executor: Executor
}

/** Does the work while the policies that read the tables of the app are away. */
async function withoutPolicies(
  step: MigrationStep,
  { executor, database, before, models }: PolicyOptions,
  work: () => Promise<void>,
): Promise<void> {
  if (database.dialect !== 'postgresql') return work()
  const states = operationChanges(step, before).flatMap(({ from, to }) => [from, to])
  const own = states.flatMap((state) => state.models.filter(({ app }) => app === step.migration.app))
  await policiesAway(executor, new Set(own.map(({ table }) => table)))
  await work()
  await restorePolicies(executor, models)
}

interface RunOptions extends StepOptions {
  readonly sink: SqlSink
}

async function runOperations({ migration, isBackwards }: MigrationStep, options: RunOptions): Promise<void> {
  const { dialect, version } = options.database
  const editor = new SchemaEditor({ dialect, version, sink: options.sink, isOnline: migration.online })
  for (const { operation, from, to } of operationChanges({ migration, isBackwards }, options.before)) {
    try {
      const change = { app: migration.app, from, to }
      await (isBackwards ? operation.databaseBackwards(editor, change) : operation.databaseForwards(editor, change))
    } catch (cause) {
      throw operationError({ migration, isBackwards }, operation.describe(), { cause, options })
    }
  }
}

export interface DirectedOperation {
  readonly operation: MigrationStep['migration']['operations'][number]
  readonly from: ProjectState
  readonly to: ProjectState
}

/**
 * The operations of a step in the order in which they are done, with the models before and after each.
 *
 * @throws {MigrationError} if the step goes back over an operation that has no way back
 */
export function operationChanges({ migration, isBackwards }: MigrationStep, before: ProjectState): DirectedOperation[] {
  const states = statesOf(migration, before)
  const forwards = migration.operations.map((operation, index) => ({
    operation,
    from: states[index] ?? before,
    to: states[index + 1] ?? before,
  }))
  if (!isBackwards) return forwards
  const stuck = migration.operations.find((operation) => !operation.isReversible)
  if (stuck) throw new MigrationError(`Cannot reverse ${migration.key}: "${stuck.describe()}" has no way back`)
  return forwards.reverse().map(({ operation, from, to }) => ({ operation, from: to, to: from }))
}

/** With foreign keys off, which making tables anew needs, SQLite has not looked at them until now. */
async function assertForeignKeys(
  { migration }: MigrationStep,
  executor: Executor,
  dialect: DialectName,
): Promise<void> {
  if (dialect !== 'sqlite') return
  const { rows } = await executor.execute({ sql: 'pragma foreign_key_check' })
  if (rows.length === 0) return
  const tables = [...new Set(rows.map(([table, , parent]) => `${String(table)} → ${String(parent)}`))]
  throw new MigrationError(
    `Migration ${migration.key} leaves ${rows.length} row(s) that point to no row: ${tables.join(', ')}`,
  )
}

interface Failure {
  readonly cause: unknown
  readonly options: StepOptions
}

function operationError(step: MigrationStep, description: string, { cause, options }: Failure): MigrationError {
  const action = step.isBackwards ? 'unapply' : 'apply'
  if (cause instanceof BrokenOffError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  const isRolledBack = isHeldTogether(step, options.database)
  const rest = isRolledBack
    ? ''
    : ' What it did before that stays: this was no transaction. The next run goes on from there.'
  return new MigrationError(`Cannot ${action} ${step.migration.key}: "${description}" failed: ${reason}.${rest}`, {
    cause,
  })
}
