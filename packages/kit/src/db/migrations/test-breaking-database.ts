import { type Database, type Executor, isReadingStatement, type Session, type Transaction } from '../dialects/index.ts'

/** What a broken connection answers. */
export class Broken extends Error {}

/** Counts what the sessions of a database run, and breaks at a number of it. */
export class Breaker {
  #left: number
  readonly #onBreak: () => void
  isBroken = false

  /** @param count how many statements that write run, begin and commit among them, before the connection breaks */
  constructor(count: number, onBreak: () => void = () => {}) {
    this.#left = count
    this.#onBreak = onBreak
  }

  pass(): void {
    if (this.#left === 0) {
      if (!this.isBroken) this.#onBreak()
      this.isBroken = true
      throw new Broken('The connection broke')
    }
    this.#left -= 1
  }
}

/** The same database; the sessions that it gives break when `breaker` says so, as if the process had died there. */
export function breakingDatabase(database: Database, breaker: Breaker): Database {
  return {
    dialect: database.dialect,
    version: database.version,
    hasTransactionalDdl: database.hasTransactionalDdl,
    execute: (statement, params) => database.execute(statement, params),
    pipeline: (items) => database.pipeline(items),
    within: (business) => database.within(business),
    begin: () => database.begin(),
    session: async () => breakingSession(await database.session(), breaker),
    ping: () => database.ping(),
    close: () => database.close(),
    createQueryCompiler: () => database.createQueryCompiler(),
    createAdapter: () => database.createAdapter(),
  }
}

function breakingExecutor(executor: Executor, breaker: Breaker): Executor {
  return {
    async execute(statement, params) {
      // Between two statements that only read there is nothing new to break off.
      if (!isReadingStatement(statement)) breaker.pass()
      return executor.execute(statement, params)
    },
    async pipeline(items) {
      breaker.pass()
      return executor.pipeline(items)
    },
    within: (business) => breakingExecutor(executor.within(business), breaker),
  }
}

function breakingSession(session: Session, breaker: Breaker): Session {
  return {
    ...breakingExecutor(session, breaker),
    async begin() {
      breaker.pass()
      return breakingTransaction(await session.begin(), breaker)
    },
    // Nobody could ask for it of a dead process: the server does it by itself.
    release: () => session.release(),
  }
}

function breakingTransaction(transaction: Transaction, breaker: Breaker): Transaction {
  const passing =
    <Args extends unknown[]>(work: (...args: Args) => Promise<void>) =>
    async (...args: Args): Promise<void> => {
      breaker.pass()
      await work(...args)
    }
  return {
    ...breakingExecutor(transaction, breaker),
    savepoint: passing((name: string) => transaction.savepoint(name)),
    release: passing((name: string) => transaction.release(name)),
    rollbackTo: passing((name: string) => transaction.rollbackTo(name)),
    commit: passing(() => transaction.commit()),
    rollback: passing(() => transaction.rollback()),
  }
}
