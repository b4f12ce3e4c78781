import type { EventEmitter } from 'node:events'
import { Client, type ClientConfig, type Connection } from 'pg'
import { RecentMap } from '../../../base/index.ts'
import type { BoundStatement } from '../dialect.ts'
import { Pipeline, type PipelineOwner, type PreparedStatement, type Settle } from './pipeline.ts'
import { RowSplitter } from './row-splitter.ts'
import { NO_BUSINESS } from './set-business.ts'

const PREPARED_LIMIT = 1000
const NO_NAMES: readonly string[] = []

export interface PostgresqlClientConfig extends ClientConfig {
  readonly rowSecurity: boolean
}

/** One connection: it remembers what it has prepared and runs one pipeline after another. */
export class PostgresqlClient extends Client implements PipelineOwner {
  readonly #prepared = new RecentMap<string, PreparedStatement>(PREPARED_LIMIT)
  readonly #closing = new Set<string>()
  readonly #waiting: Pipeline[] = []
  #active: Pipeline | null = null
  business: string | null | undefined

  constructor(config: PostgresqlClientConfig) {
    super(config)
    this.business = config.rowSecurity ? NO_BUSINESS : null
    // A lost connection fails the statements on it; without a listener it would end the process as well.
    this.on('error', () => {})
    this.#splitRows()
    this.connection.on('parseComplete', () => this.#active?.handleParseComplete())
  }

  run(items: readonly BoundStatement[], settle: Settle): Pipeline {
    const pipeline = new Pipeline(this, items, settle)
    if (this.#active === null) this.#start(pipeline)
    else this.#waiting.push(pipeline)
    return pipeline
  }

  finish(): void {
    this.#active = null
    const next = this.#waiting.shift()
    if (next !== undefined) this.#start(next)
  }

  /** What was set for a transaction ends with it. */
  recallBusiness(): void {
    if (this.business === null) return
    const status = this.getTransactionStatus()
    if (status === 'E') this.business = undefined
    else if (status !== 'T') this.business = NO_BUSINESS
  }

  findPrepared(name: string): PreparedStatement | undefined {
    return this.#prepared.get(name)
  }

  keepPrepared(name: string): PreparedStatement {
    const prepared: PreparedStatement = { columns: null }
    for (const dropped of this.#prepared.set(name, prepared)) this.#closing.add(dropped)
    return prepared
  }

  dropPrepared(name: string): void {
    this.#prepared.delete(name)
  }

  forget(name: string): void {
    this.#prepared.delete(name)
    this.#closing.add(name)
  }

  takeClosingOf(name: string): boolean {
    return this.#closing.delete(name)
  }

  takeClosing(): readonly string[] {
    if (this.#closing.size === 0) return NO_NAMES
    const names = [...this.#closing]
    this.#closing.clear()
    return names
  }

  /** Rows go straight to the pipeline; `pg` sees every other message. */
  #splitRows(): void {
    // `pg` reads its socket through this method, which its types leave out.
    const connection = this.connection as Connection & { attachListeners(stream: EventEmitter): void }
    const attachListeners = connection.attachListeners.bind(connection)
    connection.attachListeners = () => {
      attachListeners(new RowSplitter(connection.stream, (row) => this.#active?.handleRow(row)))
    }
  }

  #start(pipeline: Pipeline): void {
    this.#active = pipeline
    this.query(pipeline)
  }
}
