import { type Clock, systemClock } from '../../../base/index.ts'
import type { Database, Session } from '../../dialects/index.ts'
import type { AnyModel } from '../../models/index.ts'
import {
  hasInitialTables,
  keyOf,
  type MigrationApp,
  type MigrationGraph,
  type MigrationHistory,
  type MigrationStep,
  type Progress,
  readProgress,
  recordApplied,
  runStep,
} from '../history/index.ts'
import { MigrationError } from '../migration-error.ts'
import { restorePolicies } from '../row-policies/index.ts'

export interface StepRunnerOptions {
  readonly database: Database
  /** The connection that holds the lock. */
  readonly session: Session
  readonly apps: readonly MigrationApp[]
  readonly fake?: boolean
  readonly fakeInitial?: boolean
  readonly onProgress: (text: string) => void
  readonly clock?: Clock
}

/** Runs the steps of one `migrate`, and tells of each. */
export class StepRunner {
  readonly #options: StepRunnerOptions
  readonly #clock: Clock
  #hasSettings = false

  constructor(options: StepRunnerOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Takes up the step that an earlier run was broken off in: nothing else can be done before. */
  async finishUnfinished({ graph, applied, files }: MigrationHistory): Promise<MigrationStep[]> {
    const { session, database, fake = false, onProgress } = this.#options
    const unfinished = await readProgress(session, database.dialect)
    // With `fake` the step that is noted as done takes its progress away.
    if (!unfinished || fake) return []
    const { app, name, isBackwards } = unfinished
    const migration = graph.ordered.find(({ key }) => key === keyOf(app, name))
    if (!migration) {
      const isReplaced = files.some(({ key }) => key === keyOf(app, name))
      throw new MigrationError(
        `Migration ${keyOf(app, name)} was broken off behind its statement ${unfinished.done}, and ${isReplaced ? 'another has taken its place' : 'its file is gone'} since. Put it back and migrate.`,
      )
    }
    const step = { migration, isBackwards }
    onProgress(`  Taking up ${migration.key} behind its statement ${unfinished.done}...`)
    await this.#run(step, { graph, applied: new Set(applied.keys()), unfinished })
    return [step]
  }

  async runAll(steps: readonly MigrationStep[], { graph, applied: before }: MigrationHistory): Promise<void> {
    const { session, database, onProgress } = this.#options
    const applied = new Set(before.keys())
    for (const step of steps) {
      const { migration, isBackwards } = step
      onProgress(`  ${isBackwards ? 'Unapplying' : 'Applying'} ${migration.key}...`)
      await this.#run(step, { graph, applied, unfinished: await readProgress(session, database.dialect) })
      if (isBackwards) applied.delete(migration.key)
      else applied.add(migration.key)
    }
  }

  /** Notes those migrations as applied whose every replaced migration is. */
  async noteReplacements({ graph, recorded, applied }: MigrationHistory): Promise<void> {
    const { session, database } = this.#options
    for (const { app, name, key, replaces } of graph.ordered) {
      if (replaces.length === 0 || recorded.has(key) || !applied.has(key)) continue
      await recordApplied(session, { app, name, replaces: [] }, { dialect: database.dialect, clock: this.#clock })
    }
  }

  /** Also where nothing was to be done: so `migrate` is the remedy for a policy that somebody has taken away. */
  async restorePolicies(): Promise<void> {
    const { session, database, apps } = this.#options
    if (database.dialect === 'postgresql') await restorePolicies(session, modelsOf(apps))
  }

  async #run(step: MigrationStep, { graph, applied, unfinished }: Position): Promise<void> {
    const { database, session, onProgress, fake = false } = this.#options
    const { migration } = step
    const models = modelsOf(this.#options.apps)
    const before = graph.stateOf((other) => applied.has(other.key) && other !== migration)
    try {
      const executing = { executor: session, dialect: database.dialect }
      const isThere =
        this.#options.fakeInitial && !step.isBackwards && (await hasInitialTables(migration, before, executing))
      const isFake = fake || isThere === true
      await this.#applySettings()
      await runStep(step, { database, session, clock: this.#clock, before, models, isFake, unfinished })
      onProgress(isFake ? ' FAKED\n' : ' OK\n')
    } catch (error) {
      onProgress(' FAILED\n')
      throw error
    }
  }

  async #applySettings(): Promise<void> {
    if (this.#hasSettings) return
    for (const sql of sessionSettings(this.#options.database)) await this.#options.session.execute({ sql })
    this.#hasSettings = true
  }
}

const modelsOf = (apps: readonly MigrationApp[]): AnyModel[] => apps.flatMap((app) => app.models)

interface Position {
  readonly graph: MigrationGraph
  readonly applied: ReadonlySet<string>
  readonly unfinished: Progress | null
}

/** For this run's own connection: a change of a large table may take longer than a request ever may. */
function sessionSettings({ dialect, version }: Database): string[] {
  switch (dialect) {
    case 'postgresql':
      // What a migration does with rows, it does with those of all businesses.
      return ['set statement_timeout = 0', 'set idle_in_transaction_session_timeout = 0', "set app.business = '*'"]
    case 'mysql':
      return /mariadb/i.test(version) ? ['set max_statement_time = 0', 'set idle_transaction_timeout = 0'] : []
    case 'sqlite':
      // Tables cannot be made anew under foreign keys.
      return ['pragma foreign_keys = off']
  }
}
