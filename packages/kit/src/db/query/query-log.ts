import type { BoundStatement, BusinessReach, DriverValue, Executor, Outcome, Statement } from '../dialects/index.ts'

/** Where a query log writes to: a logger, such as that of a request. */
export interface QueryLogTarget {
  warn(fields: object, message: string): void
}

export interface QueryLogOptions {
  readonly target: QueryLogTarget
  /** Statements that take at least this long are told of; 0: none is. */
  readonly slowMs: number
  /** Whether statements that come again and again are told of. */
  readonly findsRepeats: boolean
}

/** As often as this, rows that are read one by one should have been read together. */
const MANY = 10

interface Repeated {
  readonly statement: Statement
  times: number
}

/** Counts and times the statements of one piece of work, and tells of those that are slow or come too often. */
export class QueryLog {
  readonly #options: QueryLogOptions
  readonly #statements = new Map<string, Repeated>()
  #count = 0
  #ms = 0

  constructor(options: QueryLogOptions) {
    this.#options = options
  }

  /** Statements so far. */
  get count(): number {
    return this.#count
  }

  /** What they took, in milliseconds, each counted by itself even where several ran at once. */
  get ms(): number {
    return Math.round(this.#ms * 10) / 10
  }

  /** The same executor, with this log looking on. */
  watch(executor: Executor): Executor {
    return new WatchedExecutor(executor, this)
  }

  note(statement: Statement, ms: number): void {
    const { slowMs, findsRepeats, target } = this.#options
    this.#count += 1
    this.#ms += ms
    if (slowMs > 0 && ms >= slowMs) {
      target.warn({ sql: statement.sql, model: statement.subject?.model, ms: Math.round(ms) }, 'slow query')
    }
    if (findsRepeats) this.#remember(statement)
  }

  /** Tells of rows that were read one by one, naming the relation that would have brought them along. */
  finish(): void {
    for (const { statement, times } of this.#statements.values()) {
      const { model, relations = [] } = statement.subject ?? {}
      if (times < MANY || relations.length === 0) continue
      const read = relations.filter((relation) => this.#hasRead(relation.from))
      const names = (read.length > 0 ? read : relations).map(({ from, name }) => `${from}.${name}`)
      const message = `N+1: rows of ${model} were read one by one, ${times} times. Load ${names.join(' or ')} along by with()`
      this.#options.target.warn({ sql: statement.sql, times }, message)
    }
  }

  #remember(statement: Statement): void {
    const { name = statement.sql } = statement
    const known = this.#statements.get(name)
    if (known) known.times += 1
    else this.#statements.set(name, { statement, times: 1 })
  }

  #hasRead(model: string): boolean {
    return [...this.#statements.values()].some(({ statement }) => statement.subject?.model === model)
  }
}

class WatchedExecutor implements Executor {
  readonly #inner: Executor
  readonly #log: QueryLog

  constructor(inner: Executor, log: QueryLog) {
    this.#inner = inner
    this.#log = log
  }

  async execute(statement: Statement, params?: readonly DriverValue[]): Promise<Outcome> {
    const start = performance.now()
    try {
      return await this.#inner.execute(statement, params)
    } finally {
      this.#log.note(statement, performance.now() - start)
    }
  }

  async pipeline(items: readonly BoundStatement[]): Promise<Outcome[]> {
    const start = performance.now()
    try {
      return await this.#inner.pipeline(items)
    } finally {
      // They share their round trips: each is given its part of the time.
      const ms = (performance.now() - start) / Math.max(1, items.length)
      for (const { statement } of items) this.#log.note(statement, ms)
    }
  }

  within(business: BusinessReach): Executor {
    const inner = this.#inner.within(business)
    return inner === this.#inner ? this : new WatchedExecutor(inner, this.#log)
  }
}
