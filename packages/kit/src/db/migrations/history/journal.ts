import type { Clock } from '../../../base/index.ts'
import {
  DatabaseError,
  type Executor,
  isSchemaStatement,
  isWritingStatement,
  type Session,
} from '../../dialects/index.ts'
import { MigrationError } from '../migration-error.ts'
import type { ProjectState } from '../project-state.ts'
import { databaseSink, type MigrationScript, type ScriptDatabase, type SqlSink } from '../schema/index.ts'
import { clearProgress, ensureProgressTable, type Progress, saveProgress } from './progress.ts'
import { hashOf, tablesFingerprint } from './tables-fingerprint.ts'

export interface JournalOptions {
  readonly session: Session
  readonly database: ScriptDatabase
  readonly clock: Clock
  readonly app: string
  readonly name: string
  readonly isBackwards: boolean
  /** Whether a script is one transaction with its note in the journal. */
  readonly hasAtomicScripts: boolean
  /** How far the step was when it was broken off. Null: it begins. */
  readonly saved: Progress | null
}

/** A step cannot be taken up where it was broken off. */
export class BrokenOffError extends MigrationError {}

/** Runs one unit of a step. @param executor the transaction of the unit, or the session where it can have none */
type Unit = (executor: Executor) => Promise<void>

/**
 * Runs a step that no transaction holds together, so that it can be broken off anywhere and taken up again. What can run
 * in a transaction has its note in the same one. Of a statement that commits by itself, what the tables looked like is
 * noted before: when the step is taken up again, they tell whether it has happened.
 */
export class Journal implements SqlSink {
  readonly #options: JournalOptions
  readonly #sinkOf: (executor: Executor) => SqlSink
  #position = 0
  #chain = ''

  private constructor(options: JournalOptions) {
    this.#options = options
    const { database, clock } = options
    this.#sinkOf = (executor) => databaseSink({ executor, database, clock })
  }

  static async open(options: JournalOptions): Promise<Journal> {
    await ensureProgressTable(options.session, options.database.dialect)
    return new Journal(options)
  }

  async run(sql: string): Promise<void> {
    const runsAlone = this.#options.database.dialect === 'mysql' && !isWritingStatement({ sql })
    await this.#unit(sql, (executor) => this.#sinkOf(executor).run(sql), runsAlone)
  }

  /** Statements that belong together are one unit where a transaction can hold them. */
  async runAll(statements: readonly string[], sameAs = statements): Promise<void> {
    if (statements.length === 0) return
    if (this.#options.database.dialect === 'mysql') {
      for (const sql of statements) await this.run(sql)
      return
    }
    await this.#unit(sameAs.join(';\n'), (executor) => this.#sinkOf(executor).runAll(statements), false)
  }

  async runScript(script: MigrationScript, state: ProjectState): Promise<void> {
    const run: Unit = (executor) => this.#sinkOf(executor).runScript(script, state)
    await this.#unit('-- script', run, !this.#options.hasAtomicScripts)
  }

  /** What has been done, or begun, was looked at before. */
  async look(sql: string): ReturnType<SqlSink['look']> {
    const { saved, session } = this.#options
    const isBehind =
      saved !== null && (this.#position < saved.done || (this.#position === saved.done && saved.begun !== null))
    return isBehind ? [] : this.#sinkOf(session).look(sql)
  }

  objectsOf(table: string): ReturnType<SqlSink['objectsOf']> {
    return this.#sinkOf(this.#options.session).objectsOf(table)
  }

  /** Ends the journal with what is noted for good: both happen, or neither. */
  async close(record: (executor: Executor) => Promise<void>): Promise<void> {
    if (this.#position < (this.#options.saved?.done ?? 0)) throw this.#changedError()
    await this.#inTransaction(async (executor) => {
      await record(executor)
      await clearProgress(executor, this.#options.database.dialect)
    })
  }

  async #unit(text: string, run: Unit, runsAlone: boolean): Promise<void> {
    const { saved } = this.#options
    const before = { done: this.#position, chain: this.#chain }
    const after = { done: this.#position + 1, chain: hashOf([this.#chain, text]) }
    this.#position = after.done
    this.#chain = after.chain
    if (saved && after.done <= saved.done) {
      if (after.done === saved.done && after.chain !== saved.chain) throw this.#changedError()
      return
    }
    const isDone = saved?.begun && after.done === saved.done + 1 && (await this.#hasHappened(saved, text))
    if (isDone) return this.#save(this.#options.session, after)
    if (runsAlone) return this.#runAlone(text, run, [before, after])
    try {
      await this.#inTransaction(async (executor) => {
        await run(executor)
        await this.#save(executor, after)
      })
    } catch (error) {
      if (!isRefusedInTransaction(error)) throw error
      await this.#runAlone(text, run, [before, after])
    }
  }

  async #runAlone(text: string, run: Unit, [before, after]: readonly [Place, Place]): Promise<void> {
    const { session, database } = this.#options
    const { dialect } = database
    const fingerprint = await tablesFingerprint(session, dialect, text)
    await this.#save(session, { ...before, before: fingerprint, begun: text })
    await run(session)
    // What has changed the tables can be seen in them; the next note says so.
    if (dialect !== 'mysql' || !isSchemaStatement({ sql: text })) await this.#save(session, after)
  }

  async #hasHappened({ before, begun }: Progress, text: string): Promise<boolean> {
    const now = await tablesFingerprint(this.#options.session, this.#options.database.dialect, begun ?? '')
    if (begun === text) return now !== before
    // Another statement has been put into its place: that is right only if the first has done nothing.
    if (now !== before) throw this.#changedError()
    return false
  }

  #save(executor: Executor, place: Place): Promise<void> {
    const { app, name, isBackwards, database } = this.#options
    const { dialect } = database
    return saveProgress(executor, dialect, { before: null, begun: null, ...place, app, name, isBackwards })
  }

  async #inTransaction(work: Unit): Promise<void> {
    const transaction = await this.#options.session.begin()
    try {
      await work(transaction)
    } catch (error) {
      await transaction.rollback()
      throw error
    }
    await transaction.commit()
  }

  #changedError(): BrokenOffError {
    const { app, name, saved } = this.#options
    return new BrokenOffError(
      `Migration ${app}.${name} was broken off behind its statement ${saved?.done}, and what it did until then has been changed since. Put the file back as it was, or finish the step by hand and note it with --fake.`,
    )
  }
}

type Place = Pick<Progress, 'done' | 'chain'> & Partial<Pick<Progress, 'before' | 'begun'>>

/** PostgreSQL's `create index concurrently` and its like, SQLite's `vacuum`. */
function isRefusedInTransaction(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  return code === '25001' || /from within a transaction/.test(error.message)
}
