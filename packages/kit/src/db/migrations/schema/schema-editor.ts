import type { DialectName } from '../../dialects/index.ts'
import { type Field, MODEL_LABEL, Problem } from '../../fields/index.ts'
import { type AnyModel, columnNamed } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import type { ProjectState } from '../project-state.ts'
import { findRows } from './find-rows.ts'
import type { ForeignObject, Grammar } from './grammar.ts'
import { mysqlGrammar } from './mysql-grammar.ts'
import { onlineUnits } from './online-statements.ts'
import { POSTGRESQL_GRAMMAR } from './postgresql-grammar.ts'
import { rowChecks } from './row-checks.ts'
import type { TableShape } from './shapes.ts'
import type { MigrationScript, SqlSink } from './sql-sink.ts'
import { literal, quoteName } from './sql-text.ts'
import { SQLITE_GRAMMAR } from './sqlite-grammar.ts'
import { tableShape } from './table-shape.ts'

/** The models before and after one operation. */
export interface StateChange {
  readonly from: ProjectState
  readonly to: ProjectState
}

export interface ModelChange {
  readonly from: AnyModel
  readonly to: AnyModel
  /** The new names of fields by their old ones. */
  readonly renamedFields?: ReadonlyMap<string, string>
  /** Values by field, for rows that have none where one is needed. */
  readonly fills?: ReadonlyMap<string, unknown>
}

export interface SchemaEditorOptions {
  readonly dialect: DialectName
  /** The server's version and flavour: MariaDB's collations are not MySQL's. */
  readonly version: string
  readonly sink: SqlSink
  /** Whether tables that are there are changed in statements that keep nobody waiting. */
  readonly isOnline?: boolean
}

/** Turns changes of models into statements, and gives them to a sink that runs or prints them. */
export class SchemaEditor {
  readonly dialect: DialectName
  readonly #grammar: Grammar
  readonly #sink: SqlSink
  readonly #isOnline: boolean

  constructor({ dialect, version, sink, isOnline = false }: SchemaEditorOptions) {
    this.dialect = dialect
    this.#grammar = grammarOf(dialect, version)
    this.#sink = sink
    this.#isOnline = isOnline
  }

  async createTable(model: AnyModel, state: ProjectState): Promise<void> {
    await this.#runAll(this.#grammar.createTable(this.#shape(model, state)))
  }

  async dropTable(model: AnyModel, state: ProjectState): Promise<void> {
    await this.#runAll(this.#grammar.dropTable(this.#shape(model, state)))
  }

  /** Makes the table of one point in time that of another, keeping its rows. */
  async alterTable(change: ModelChange, states: StateChange): Promise<void> {
    const from = this.#shape(change.from, states.from)
    const to = this.#shape(change.to, states.to)
    await this.#refuseRows(change)
    const kept = this.dialect === 'sqlite' ? await this.#unknownObjects(from) : []
    const tableChange = { from, to, renamed: renamedColumns(change), fills: this.#fills(change) }
    const statements = this.#grammar.alterTable(tableChange, kept)
    // What is kept is not the same when the step is come to again behind this change.
    if (kept.length > 0) return this.#sink.runAll(statements, this.#grammar.alterTable(tableChange, []))
    const units = this.#isOnline ? onlineUnits(statements, this.dialect) : [statements]
    for (const unit of units) await this.#runAll(unit)
  }

  /** @throws {MigrationError} if rows stand in the way of a stricter table, before anything is changed */
  async #refuseRows({ from, to, renamedFields, fills = new Map() }: ModelChange): Promise<void> {
    // A table that only gets other names is as strict as it was.
    if (renamedFields || from.label !== to.label) return
    const filled = new Set(fills.keys())
    const found = await findRows(this.#sink, rowChecks({ from, to, filled, dialect: this.dialect }))
    if (found.length > 0) throw new MigrationError(`${found.join('; ')}. Mend the rows first`)
  }

  /** Removes the rows that are deleted but kept for `restore`. */
  async purgeDeleted(model: AnyModel): Promise<void> {
    await this.run(`delete from ${quoteName(model.table, this.dialect)} where deleted_at is not null`)
  }

  /** Changes the labels of a model that rows hold, in the references that may point to any of several models. */
  async relabelReferences({ models }: ProjectState, { from, to }: { readonly from: string; readonly to: string }) {
    for (const model of models) {
      for (const { kind, column } of model.columns.values()) {
        if (kind.name !== MODEL_LABEL) continue
        const [table, name] = [quoteName(model.table, this.dialect), quoteName(column, this.dialect)]
        const [old, renamed] = [literal(from), literal(to)]
        await this.run(`update ${table} set ${name} = ${renamed} where ${name} = ${old}`)
      }
    }
  }

  run(sql: string): Promise<void> {
    return this.#sink.run(sql)
  }

  runScript(script: MigrationScript, state: ProjectState): Promise<void> {
    return this.#sink.runScript(script, state)
  }

  async #runAll(statements: readonly string[]): Promise<void> {
    await this.#sink.runAll(statements)
  }

  #shape(model: AnyModel, state: ProjectState): TableShape {
    return tableShape(model, { dialect: this.dialect, target: (label) => state.get(label) })
  }

  async #unknownObjects(shape: TableShape): Promise<ForeignObject[]> {
    const known = new Set(shape.indexes.map((index) => index.name))
    const objects = await this.#sink.objectsOf(shape.name)
    return objects.filter((object) => !known.has(object.name))
  }

  #fills({ to, fills = new Map() }: ModelChange): ReadonlyMap<string, string> {
    return new Map(
      Array.from(fills, ([name, value]) => {
        const { column, kind } = columnNamed(to, name)
        const parsed: unknown = kind.parse(value)
        if (parsed instanceof Problem) {
          throw new MigrationError(
            `Cannot fill ${to.label}.${name} with ${String(value)}: ${parsed.messages.join(' ')}`,
          )
        }
        return [column, literal(kind.encode(parsed, this.dialect))]
      }),
    )
  }
}

/** The value that rows without one get, or undefined: the one given, or the field's constant default. */
export function fillOf(field: Field, given: unknown): unknown {
  if (given !== undefined) return given
  const { defaultValue } = field.settings
  return typeof defaultValue === 'function' || defaultValue === null ? undefined : defaultValue
}

function renamedColumns({ from, to, renamedFields = new Map() }: ModelChange): ReadonlyMap<string, string> {
  return new Map(
    Array.from(renamedFields, ([before, after]) => [columnNamed(from, before).column, columnNamed(to, after).column]),
  )
}

function grammarOf(dialect: DialectName, version: string): Grammar {
  switch (dialect) {
    case 'postgresql':
      return POSTGRESQL_GRAMMAR
    case 'sqlite':
      return SQLITE_GRAMMAR
    case 'mysql':
      return mysqlGrammar(version)
  }
}
