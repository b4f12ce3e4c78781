import type { ClientBase, PoolConfig } from 'pg'
import type { DatabaseOptions } from '../dialect.ts'
import { PostgresqlClient } from './postgresql-client.ts'

const CONNECT_TIMEOUT_MS = 5000
const IDLE_TIMEOUT_MS = 60_000
const KEEP_ALIVE_DELAY_MS = 10_000
const DEFAULT_POOL_SIZE = 10

/** Sent with the start-up message, so that setting up a connection costs no round trip. Timeouts are in milliseconds. */
const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'iso_8601',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  extra_float_digits: '1',
  statement_timeout: '30000',
  idle_in_transaction_session_timeout: '60000',
}

export function poolOptions(options: DatabaseOptions): PoolConfig {
  return {
    database: options.name,
    ...(options.host !== undefined && { host: options.host }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.password !== undefined && { password: options.password }),
    max: options.poolSize ?? DEFAULT_POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    application_name: 'bailiwick',
    options: Object.entries(SESSION_SETTINGS)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    // The type asks for a class without parameters, but the pool passes these very options.
    Client: PostgresqlClient as new () => ClientBase,
  }
}
