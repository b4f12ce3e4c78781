import type { Pool, PoolClient } from 'pg'
import { DatabaseError } from '../database-error.ts'
import { DEFAULT_POOL_TIMEOUT_MS } from '../dialect.ts'
import type { PostgresqlClient } from './postgresql-client.ts'

export type PooledClient = PoolClient & PostgresqlClient

type Settle = (error: unknown, client?: PooledClient) => void

/** Takes a connection out of the pool; one that is idle at once. Where all are busy it waits no longer than `timeoutMs`. */
export function acquire(pool: Pool, timeoutMs: number = DEFAULT_POOL_TIMEOUT_MS, settle: Settle): void {
  // The pool makes its clients with the class given in `poolOptions`.
  if (isExhausted(pool)) waitFor(pool, timeoutMs, settle)
  else pool.connect((error, client) => settle(error, client as PooledClient | undefined))
}

function waitFor(pool: Pool, timeoutMs: number, settle: Settle): void {
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    settle(new DatabaseError(`No connection came free within ${timeoutMs} ms`, { kind: 'unavailable' }))
  }, timeoutMs)
  pool.connect((error, client) => {
    clearTimeout(timer)
    if (isLate) client?.release()
    else settle(error, client as PooledClient | undefined)
  })
}

function isExhausted(pool: Pool): boolean {
  return pool.idleCount === 0 && pool.totalCount >= (pool.options.max ?? 0)
}
