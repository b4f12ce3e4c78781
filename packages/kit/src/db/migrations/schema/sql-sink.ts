import { EVERY_BUSINESS, type RawValue } from '../../dialects/index.ts'
import type { ProjectState } from '../project-state.ts'
import type { ForeignObject } from './grammar.ts'
import { type ScriptContext, type ScriptOptions, scriptContext } from './script-context.ts'

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

/** Runs what it gets. */
export function databaseSink(options: ScriptOptions): SqlSink {
  const { executor } = options
  const run = async (sql: string): Promise<void> => {
    // Of all businesses, also behind a script that has gone into one.
    await executor.within(EVERY_BUSINESS).execute({ sql })
  }
  return {
    run,
    async runAll(statements) {
      for (const sql of statements) await run(sql)
    },
    async runScript(script, state) {
      await script(scriptContext(state, options))
    },
    async look(sql) {
      return (await executor.within(EVERY_BUSINESS).execute({ sql })).rows
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
