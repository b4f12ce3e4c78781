import type { Clock } from '../../../base/index.ts'
import type { Database, Executor, Session } from '../../dialects/index.ts'
import { MigrationError } from '../migration-error.ts'
import type { ProjectState } from '../project-state.ts'
import { databaseSink, SchemaEditor } from '../schema/index.ts'
import { statesOf } from './migration-graph.ts'
import type { MigrationStep } from './plan-steps.ts'
import { recordApplied, recordUnapplied } from './recorder.ts'

export interface StepOptions {
  readonly database: Pick<Database, 'dialect' | 'version' | 'hasTransactionalDdl'>
  readonly session: Session
  readonly clock: Clock
  /** The models before the migration. */
  readonly before: ProjectState
  /** Whether to note it as done, and do nothing. */
  readonly isFake: boolean
}

/** Does one step and records it, all or nothing where the database has transactions for tables. */
export async function runStep(step: MigrationStep, options: StepOptions): Promise<void> {
  const { session, database } = options
  if (!step.migration.atomic || !database.hasTransactionalDdl) return perform(step, { ...options, executor: session })
  const transaction = await session.begin()
  try {
    await perform(step, { ...options, executor: transaction })
  } catch (error) {
    await transaction.rollback()
    throw error
  }
  await transaction.commit()
}

interface PerformOptions extends StepOptions {
  readonly executor: Executor
}

async function perform(step: MigrationStep, options: PerformOptions): Promise<void> {
  const { migration, isBackwards } = step
  const { executor, clock } = options
  const { dialect } = options.database
  if (!options.isFake) {
    await runOperations(step, options)
    if (dialect === 'sqlite') await assertForeignKeys(step, executor)
  }
  if (isBackwards) await recordUnapplied(executor, migration, dialect)
  else await recordApplied(executor, migration, { dialect, clock })
}

async function runOperations({ migration, isBackwards }: MigrationStep, options: PerformOptions): Promise<void> {
  const { dialect, version } = options.database
  const sink = databaseSink({ executor: options.executor, dialect })
  const editor = new SchemaEditor({ dialect, version, sink })
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
async function assertForeignKeys({ migration }: MigrationStep, executor: Executor): Promise<void> {
  const { rows } = await executor.execute({ sql: 'pragma foreign_key_check' })
  if (rows.length === 0) return
  const tables = [...new Set(rows.map(([table, , parent]) => `${String(table)} → ${String(parent)}`))]
  throw new MigrationError(
    `Migration ${migration.key} leaves ${rows.length} row(s) that point to no row: ${tables.join(', ')}`,
  )
}

interface Failure {
  readonly cause: unknown
  readonly options: PerformOptions
}

function operationError(step: MigrationStep, description: string, { cause, options }: Failure): MigrationError {
  const action = step.isBackwards ? 'unapply' : 'apply'
  const reason = cause instanceof Error ? cause.message : String(cause)
  const isRolledBack = step.migration.atomic && options.database.hasTransactionalDdl
  const rest = isRolledBack ? '' : ' What it did before that stays: this was no transaction.'
  return new MigrationError(`Cannot ${action} ${step.migration.key}: "${description}" failed: ${reason}.${rest}`, {
    cause,
  })
}
