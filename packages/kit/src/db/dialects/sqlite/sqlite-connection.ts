import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { RecentMap } from '../../../base/index.ts'
import { DatabaseError } from '../database-error.ts'
import type { BoundStatement, ColumnInfo, DriverValue, Outcome, RawValue, Statement } from '../dialect.ts'
import { isInsertingVerb, isReadingVerb, isSchemaVerb, isWritingVerb, statementVerb } from '../statement-verb.ts'
import { addSqlFunctions } from './sql-functions.ts'
import { isOutOfRangeError, toDatabaseError } from './sqlite-error.ts'

type WriteCount = Pick<Outcome, 'affected' | 'insertId'>

interface PreparedStatement {
  readonly statement: StatementSync
  readonly verb: string
  columns: readonly ColumnInfo[]
  readsBigInts: boolean
}

export interface ConnectionOptions {
  readonly path: string
  readonly isReadOnly: boolean
  /** Called after a statement that changes the schema. */
  readonly onSchemaChange: () => void
}

const BUSY_TIMEOUT_MS = 5000
const STATEMENT_LIMIT = 500
const CHANGES: Statement = { sql: 'select changes(), last_insert_rowid()', name: 'bw_changes' }

/** How a pipeline begins, ends and is undone. */
interface PipelineFrame {
  readonly begin: Statement
  readonly end: Statement
  readonly undo: readonly Statement[]
}

const COMMIT: Statement = { sql: 'commit', name: 'bw_commit' }
const ROLLBACK: Statement = { sql: 'rollback', name: 'bw_rollback' }
const READING: PipelineFrame = { begin: { sql: 'begin', name: 'bw_begin' }, end: COMMIT, undo: [ROLLBACK] }
const WRITING: PipelineFrame = {
  begin: { sql: 'begin immediate', name: 'bw_begin_immediate' },
  end: COMMIT,
  undo: [ROLLBACK],
}
const RELEASE: Statement = { sql: 'release savepoint bw_pipeline', name: 'bw_pipeline_release' }
const NESTED: PipelineFrame = {
  begin: { sql: 'savepoint bw_pipeline', name: 'bw_pipeline_begin' },
  end: RELEASE,
  undo: [{ sql: 'rollback to savepoint bw_pipeline', name: 'bw_pipeline_undo' }, RELEASE],
}

/** One connection to the file. Whatever it is asked happens at once: node:sqlite is synchronous. */
export class SqliteConnection {
  readonly #connection: DatabaseSync
  readonly #statements = new RecentMap<string, PreparedStatement>(STATEMENT_LIMIT)
  readonly #isReadOnly: boolean
  readonly #onSchemaChange: () => void

  constructor({ path, isReadOnly, onSchemaChange }: ConnectionOptions) {
    this.#isReadOnly = isReadOnly
    this.#onSchemaChange = onSchemaChange
    this.#connection = translated(() => openFile(path, isReadOnly))
    addSqlFunctions(this.#connection)
  }

  get isInTransaction(): boolean {
    return this.#connection.isOpen && this.#connection.isTransaction
  }

  execute(statement: Statement, params: readonly DriverValue[] = []): Outcome {
    return translated(() => {
      const prepared = this.#prepare(statement)
      const outcome = this.#run(prepared, boundValues(params))
      if (isSchemaVerb(prepared.verb)) this.#changeSchema()
      return outcome
    })
  }

  begin(): void {
    this.execute(WRITING.begin)
  }

  commit(): void {
    this.execute(COMMIT)
  }

  /** Does nothing if SQLite has rolled back already, as it does when the disk is full. */
  rollback(): void {
    if (this.isInTransaction) this.execute(ROLLBACK)
  }

  /** Runs all of the statements or none. */
  pipeline(items: readonly BoundStatement[]): Outcome[] {
    const frame = this.isInTransaction ? NESTED : this.#isReadOnly ? READING : WRITING
    this.execute(frame.begin)
    try {
      const outcomes = items.map((item) => this.execute(item.statement, item.params))
      this.execute(frame.end)
      return outcomes
    } catch (error) {
      if (this.isInTransaction) for (const statement of frame.undo) this.execute(statement)
      throw error
    }
  }

  /** Kept statements know their columns: after a change of the schema they have to be prepared anew. */
  forgetStatements(): void {
    this.#statements.clear()
  }

  close(): void {
    this.forgetStatements()
    if (this.#connection.isOpen) this.#connection.close()
  }

  #changeSchema(): void {
    this.forgetStatements()
    this.#onSchemaChange()
  }

  #prepare({ sql, name }: Statement): PreparedStatement {
    const known = name === undefined ? undefined : this.#statements.get(name)
    if (known !== undefined) return known
    const prepared = prepare(this.#connection, sql)
    if (name !== undefined) this.#statements.set(name, prepared)
    return prepared
  }

  #run(prepared: PreparedStatement, values: DriverValue[]): Outcome {
    if (prepared.columns.length > 0) return this.#fetch(prepared, values)
    const { changes, lastInsertRowid } = prepared.statement.run(...values)
    return { rows: [], columns: prepared.columns, ...writeCount(prepared.verb, changes, lastInsertRowid) }
  }

  #fetch(prepared: PreparedStatement, values: DriverValue[]): Outcome {
    const rows = fetchRows(prepared, values)
    const width = rows[0]?.length ?? prepared.columns.length
    // Another process may have added a column that `select *` takes up.
    if (width !== prepared.columns.length) prepared.columns = columnsOf(prepared.statement)
    const { columns, verb } = prepared
    if (!isWritingVerb(verb)) return { rows, columns, affected: 0, insertId: null }
    const [changes, insertId] = fetchRows(this.#prepare(CHANGES), [])[0] ?? []
    return { rows, columns, ...writeCount(verb, changes, insertId) }
  }
}

function openFile(path: string, isReadOnly: boolean): DatabaseSync {
  const connection = new DatabaseSync(path, { readOnly: isReadOnly, timeout: BUSY_TIMEOUT_MS })
  connection.exec('pragma foreign_keys = on')
  // From here on a writer does not wait inside SQLite, which would hold up the whole process: see `whenFree`.
  if (!isReadOnly) connection.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 0')
  return connection
}

function prepare(connection: DatabaseSync, sql: string): PreparedStatement {
  const statement = connection.prepare(sql)
  const rest = sql.slice(statement.sourceSQL.length)
  if (statementVerb(rest) !== '') {
    throw new DatabaseError(`Cannot run several statements at once: ${rest.trim()}`, { kind: 'syntax' })
  }
  const verb = statementVerb(sql)
  // What has written cannot be run again to read a number too large for JavaScript: it asks for big ones at once.
  const readsBigInts = !isReadingVerb(verb)
  statement.setReturnArrays(true)
  statement.setReadBigInts(readsBigInts)
  return { statement, verb, columns: columnsOf(statement), readsBigInts }
}

function columnsOf(statement: StatementSync): ColumnInfo[] {
  return statement.columns().map(({ name, type, table, column }) => ({
    name,
    type,
    ...(table !== null && column !== null ? { source: { table, column } } : {}),
  }))
}

/** node:sqlite binds every number as a float, which a text column would keep as `5.0`. */
function boundValues(params: readonly DriverValue[]): DriverValue[] {
  return params.map((value) => (Number.isSafeInteger(value) ? BigInt(Number(value)) : value))
}

function fetchRows(prepared: PreparedStatement, values: DriverValue[]): RawValue[][] {
  if (!prepared.readsBigInts) {
    try {
      return allRows(prepared.statement, values)
    } catch (error) {
      if (!isOutOfRangeError(error)) throw error
      prepared.readsBigInts = true
      prepared.statement.setReadBigInts(true)
    }
  }
  const rows = allRows(prepared.statement, values)
  for (const row of rows) narrowIntegers(row)
  return rows
}

function allRows(statement: StatementSync, values: DriverValue[]): RawValue[][] {
  // The types do not know that `setReturnArrays` makes each row an array.
  return statement.all(...values) as unknown as RawValue[][]
}

function narrowIntegers(row: RawValue[]): void {
  for (const [index, value] of row.entries()) {
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[index] = Number(value)
  }
}

function writeCount(verb: string, changes: RawValue | undefined, rowId: RawValue | undefined): WriteCount {
  // Statements of other kinds leave the numbers of the last write standing.
  const affected = isWritingVerb(verb) ? Number(changes) : 0
  if (affected === 0 || !isInsertingVerb(verb)) return { affected, insertId: null }
  return { affected, insertId: typeof rowId === 'bigint' ? rowId : BigInt(Number(rowId)) }
}

function translated<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw toDatabaseError(error)
  }
}
