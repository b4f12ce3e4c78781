import type { Connection, Submittable } from 'pg'
import type { BoundStatement, ColumnInfo, Outcome, Statement } from '../dialect.ts'
import { parameterTexts } from './parameter-text.ts'
import { isStaleStatement } from './postgresql-error.ts'
import { runsAlone } from './runs-alone.ts'
import { NO_BUSINESS, SET_BUSINESS } from './set-business.ts'

/** A statement as one connection has it. Its columns are asked for once, with the first execution. */
export interface PreparedStatement {
  columns: readonly ColumnInfo[] | null
}

/** What a pipeline needs of the connection that it runs on. */
export interface PipelineOwner {
  findPrepared(name: string): PreparedStatement | undefined
  keepPrepared(name: string): PreparedStatement
  /** The statement was never prepared after all. */
  dropPrepared(name: string): void
  /** Has the statement closed before the next pipeline, and so prepared again when it is next used. */
  forget(name: string): void
  /** The statements to be closed now. */
  takeClosing(): readonly string[]
  /** Whether this one is still to be closed; if so, that is now the caller's to do. */
  takeClosingOf(name: string): boolean
  /** The pipeline has ended: the next may start. */
  finish(): void
  /** What the setting of the business is on the connection now; undefined where that is not known. Null: it is not to be touched. */
  business: string | null | undefined
  /** Brings `business` up to date, between two pipelines. */
  recallBusiness(): void
}

export type Settle = (error: unknown, outcomes: Outcome[]) => void

interface FieldDescription {
  readonly name: string
  readonly dataTypeID: number
}

/** One statement on its way: an item, or the setting of the business before it. */
interface Step {
  readonly statement: Statement
  readonly prepared: PreparedStatement | null
  /** Whether somebody waits for its outcome. */
  readonly isItem: boolean
}

const NO_COLUMNS: readonly ColumnInfo[] = []

/**
 * Several statements that share one `Sync`: one round trip, and outside a transaction one implicit
 * transaction. Rows keep the texts that the server sent.
 *
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class Pipeline implements Submittable {
  /** The server's word for what the last statement did, such as `INSERT 0 1`. */
  commandTag = ''
  readonly #owner: PipelineOwner
  readonly #items: readonly BoundStatement[]
  readonly #texts: (string | null)[][]
  readonly #settle: Settle
  readonly #steps: Step[] = []
  readonly #parses: string[] = []
  readonly #outcomes: Outcome[] = []
  #parseCount = 0
  #stepCount = 0
  #rows: (string | null)[][] = []
  #columns: readonly ColumnInfo[] | null = null

  constructor(owner: PipelineOwner, items: readonly BoundStatement[], settle: Settle) {
    this.#owner = owner
    this.#items = items
    this.#texts = items.map((item) => parameterTexts(item.params))
    this.#settle = settle
  }

  submit(connection: Connection): void {
    this.#owner.recallBusiness()
    // Corked, the messages leave in one write.
    connection.stream.cork()
    for (const name of this.#owner.takeClosing()) connection.close({ type: 'S', name }, true)
    for (let index = 0; index < this.#items.length; index += 1) this.#send(connection, index)
    connection.sync()
    connection.stream.uncork()
  }

  handleParseComplete(): void {
    this.#parseCount += 1
  }

  handleRowDescription(message: { readonly fields: readonly FieldDescription[] }): void {
    this.#columns = message.fields.map((field) => ({ name: field.name, type: String(field.dataTypeID) }))
  }

  handleRow(row: (string | null)[]): void {
    this.#rows.push(row)
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.commandTag = message.text
    // Back at a savepoint, the setting is what it was there.
    if (message.text === 'ROLLBACK' && this.#owner.business !== null) this.#owner.business = undefined
    this.#complete(affectedRows(message.text))
  }

  handleEmptyQuery(): void {
    this.#complete(0)
  }

  handleReadyForQuery(): void {
    this.#owner.finish()
    this.#settle(null, this.#outcomes)
  }

  handleError(error: unknown): void {
    for (const unparsed of this.#parses.slice(this.#parseCount)) this.#owner.dropPrepared(unparsed)
    if (isStaleStatement(error)) this.#forgetRest()
    this.#owner.finish()
    this.#settle(error, this.#outcomes)
  }

  handlePortalSuspended(): void {}

  /** Refused by ending the connection: the server has swallowed the `Sync` that would end the pipeline. */
  handleCopyInResponse(connection: Connection): void {
    connection.stream.destroy(new Error('Cannot copy from the client'))
  }

  handleCopyData(): void {}

  #send(connection: Connection, index: number): void {
    const item = this.#items[index]
    if (item === undefined) return
    const { statement, business } = item
    if (business !== undefined && !isAlone(statement)) this.#setBusiness(connection, business ?? NO_BUSINESS)
    const prepared = this.#prepare(connection, statement)
    this.#steps.push({ statement, prepared, isItem: true })
    connection.bind({ statement: statement.name ?? '', values: this.#texts[index] ?? [] }, true)
    if (prepared?.columns == null) connection.describe({ type: 'P' }, true)
    connection.execute(null, true)
  }

  /** An execute of its own before the statement's, in the same round trip and the same transaction. */
  #setBusiness(connection: Connection, business: string): void {
    if (this.#owner.business === null || this.#owner.business === business) return
    this.#owner.business = business
    this.#steps.push({
      statement: SET_BUSINESS,
      prepared: this.#prepare(connection, SET_BUSINESS),
      isItem: false,
    })
    connection.bind({ statement: SET_BUSINESS.name ?? '', values: [business] }, true)
    connection.execute(null, true)
  }

  #prepare(connection: Connection, statement: Statement): PreparedStatement | null {
    const prepared = statement.name === undefined ? undefined : this.#owner.findPrepared(statement.name)
    return prepared ?? this.#parse(connection, statement)
  }

  #parse(connection: Connection, { sql, name = '' }: Statement): PreparedStatement | null {
    if (name !== '' && this.#owner.takeClosingOf(name)) connection.close({ type: 'S', name }, true)
    connection.parse({ name, text: sql, types: [] }, true)
    this.#parses.push(name)
    return name === '' ? null : this.#owner.keepPrepared(name)
  }

  #complete(affected: number): void {
    const step = this.#steps[this.#stepCount]
    this.#stepCount += 1
    if (step?.isItem === false) return
    const prepared = step?.prepared
    const columns = this.#columns ?? prepared?.columns ?? NO_COLUMNS
    if (prepared) prepared.columns = columns
    this.#outcomes.push({ rows: this.#rows, columns, affected, insertId: null })
    this.#rows = []
    this.#columns = null
  }

  /** What is to be tried again must not fail once for each statement that the server has lost. */
  #forgetRest(): void {
    // An error after the last statement comes from the commit at `Sync`, such as a deferred constraint.
    const rest = this.#stepCount < this.#steps.length ? this.#steps.slice(this.#stepCount) : this.#steps.slice(-1)
    for (const { statement } of rest) if (statement.name !== undefined) this.#owner.forget(statement.name)
  }
}

/** Changes of tables are not prepared by name, so that nothing is looked at where it counts. */
const isAlone = ({ name, sql }: Statement): boolean => name === undefined && runsAlone(sql)

function affectedRows(tag: string): number {
  if (tag.startsWith('SELECT')) return 0
  if (/^(INSERT|UPDATE|DELETE|MERGE) /.test(tag)) return Number(tag.slice(tag.lastIndexOf(' ') + 1))
  return 0
}
