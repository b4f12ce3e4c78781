import type { DialectName, Executor, RawValue } from '../../dialects/index.ts'
import type { AnyModel } from '../../models/index.ts'
import type { ProjectState } from '../project-state.ts'
import type { ForeignObject } from './grammar.ts'

/** What a script of `runScript` works with. */
export interface ScriptContext {
  /** Runs SQL; inside the migration's transaction where the database has one. */
  readonly database: Executor
  readonly dialect: DialectName
  /** A model as it is at this point of the migrations. */
  model(label: string): AnyModel
}

export type MigrationScript = (context: ScriptContext) => Promise<void> | void

/** Where statements go: to a database, or onto paper. */
export interface SqlSink {
  run(sql: string): Promise<void>
  /**
   * Statements that make one change of a table.
   *
   * @param sameAs what says whether it is the same change when it is come to again; by default the statements
   */
  runAll(statements: readonly string[], sameAs?: readonly string[]): Promise<void>
  runScript(script: MigrationScript, state: ProjectState): Promise<void>
  /** Reads rows before the next change; none where that change is done already, or only written down. */
  look(sql: string): Promise<readonly RawValue[][]>
  /** The indexes and triggers that were made by SQL on a table of SQLite. */
  objectsOf(table: string): Promise<readonly ForeignObject[]>
}

export interface DatabaseSinkOptions {
  readonly executor: Executor
  readonly dialect: DialectName
}

/** Runs what it gets. */
export function databaseSink({ executor, dialect }: DatabaseSinkOptions): SqlSink {
  const run = async (sql: string): Promise<void> => {
    await executor.execute({ sql })
  }
  return {
    run,
    async runAll(statements) {
      for (const sql of statements) await run(sql)
    },
    async runScript(script, state) {
      await script({ database: executor, dialect, model: (label) => state.get(label) })
    },
    async look(sql) {
      return (await executor.execute({ sql })).rows
    },
    async objectsOf(table) {
      const sql =
        "select name, sql from sqlite_schema where tbl_name = ? and type in ('index', 'trigger') and sql is not null"
      const { rows } = await executor.execute({ sql }, [table])
      return rows.map(([name, text]) => ({ name: String(name), sql: String(text) }))
    },
  }
}

/** Keeps what it gets as lines to print. */
export function paperSink(lines: string[]): SqlSink {
  return {
    async run(sql) {
      lines.push(`${sql};`)
    },
    async runAll(statements) {
      lines.push(...statements.map((sql) => `${sql};`))
    },
    async runScript() {
      lines.push('-- THIS OPERATION CANNOT BE WRITTEN AS SQL')
    },
    look: async () => [],
    objectsOf: async () => [],
  }
}
