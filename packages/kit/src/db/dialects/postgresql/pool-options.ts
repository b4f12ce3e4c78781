import type { ClientBase, PoolConfig } from 'pg'
import { EVERY_BUSINESS } from '../business-reach.ts'
import type { DatabaseOptions } from '../dialect.ts'
import { PostgresqlClient, type PostgresqlClientConfig } from './postgresql-client.ts'
import { BUSINESS_SETTING } from './set-business.ts'

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

export function poolOptions(options: DatabaseOptions): PoolConfig & PostgresqlClientConfig {
  const rowSecurity = options.rowSecurity ?? true
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
    rowSecurity,
    options: Object.entries(sessionSettings(rowSecurity))
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    // as: the type asks for a class without parameters, but the pool passes these very options
    Client: PostgresqlClient as unknown as new () => ClientBase,
  }
}

/** Without row-level security the policies, which are there all the same, let a connection see every row. */
function sessionSettings(rowSecurity: boolean): Readonly<Record<string, string>> {
  return rowSecurity ? SESSION_SETTINGS : { ...SESSION_SETTINGS, [BUSINESS_SETTING]: EVERY_BUSINESS }
}
