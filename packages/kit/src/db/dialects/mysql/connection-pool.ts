import mysql, { type Pool, type PoolConnection } from 'mysql2'
import { DatabaseError } from '../database-error.ts'
import { type DatabaseOptions, DEFAULT_POOL_TIMEOUT_MS } from '../dialect.ts'
import { toDatabaseError } from './mysql-error.ts'
import { poolOptions, SESSION_SETUP } from './pool-options.ts'
import { runStatement } from './run-statement.ts'

/** For the first connection of all: it may have far to go, and nobody is waiting for an answer yet. */
const FIRST_TIMEOUT_MS = 5000

/** mysql2's pool, with what it lacks: a limit to waiting, and connections that are set up before they are used. */
export class ConnectionPool {
  readonly #pool: Pool
  readonly #ready = new WeakSet<PoolConnection>()
  readonly #timeoutMs: number
  #hasConnected = false

  constructor(options: DatabaseOptions) {
    this.#timeoutMs = options.poolTimeoutMs ?? DEFAULT_POOL_TIMEOUT_MS
    this.#pool = mysql.createPool(poolOptions(options))
    // A lost connection fails the statements on it; without a listener it would end the process as well.
    this.#pool.on('connection', (connection: PoolConnection) => connection.on('error', () => {}))
  }

  async use<Result>(work: (connection: PoolConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.acquire()
    try {
      return await work(connection)
    } finally {
      connection.release()
    }
  }

  async acquire(): Promise<PoolConnection> {
    const connection = await this.#getConnection()
    if (this.#ready.has(connection)) return connection
    try {
      await runStatement(connection, { sql: SESSION_SETUP }, [])
    } catch (error) {
      connection.destroy()
      throw error
    }
    this.#ready.add(connection)
    this.#hasConnected = true
    return connection
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pool.end((error) => (error ? reject(toDatabaseError(error)) : resolve()))
    })
  }

  #getConnection(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      const timeoutMs = this.#hasConnected ? this.#timeoutMs : FIRST_TIMEOUT_MS
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        reject(new DatabaseError(`No connection came free within ${timeoutMs} ms`, { kind: 'unavailable' }))
      }, timeoutMs)
      this.#pool.getConnection((error, connection) => {
        clearTimeout(timer)
        if (error) reject(toDatabaseError(error))
        else if (isLate) connection.release()
        else resolve(connection)
      })
    })
  }
}
