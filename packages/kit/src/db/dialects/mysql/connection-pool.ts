import mysql, { type Pool, type PoolConnection } from 'mysql2'
import { DatabaseError } from '../database-error.ts'
import type { DatabaseOptions } from '../dialect.ts'
import { toDatabaseError } from './mysql-error.ts'
import { poolOptions, SESSION_SETUP } from './pool-options.ts'
import { runStatement } from './run-statement.ts'

const ACQUIRE_TIMEOUT_MS = 5000

/** mysql2's pool, with what it lacks: a limit to waiting, and connections that are set up before they are used. */
export class ConnectionPool {
  readonly #pool: Pool
  readonly #ready = new WeakSet<PoolConnection>()

  constructor(options: DatabaseOptions) {
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
    return connection
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pool.end((error) => (error ? reject(toDatabaseError(error)) : resolve()))
    })
  }

  #getConnection(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        reject(new DatabaseError(`No connection came free within ${ACQUIRE_TIMEOUT_MS} ms`, { kind: 'unavailable' }))
      }, ACQUIRE_TIMEOUT_MS)
      this.#pool.getConnection((error, connection) => {
        clearTimeout(timer)
        if (error) reject(toDatabaseError(error))
        else if (isLate) connection.release()
        else resolve(connection)
      })
    })
  }
}
