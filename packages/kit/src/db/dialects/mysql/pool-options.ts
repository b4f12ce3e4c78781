import type { PoolOptions } from 'mysql2'
import type { DatabaseOptions } from '../dialect.ts'

const CONNECT_TIMEOUT_MS = 5000
const KEEP_ALIVE_DELAY_MS = 10_000
const DEFAULT_POOL_SIZE = 10
const PREPARED_LIMIT = 500

/**
 * Run on each new connection. With `no_backslash_escapes` a text literal and `like … escape '\'` mean
 * the same as on the other databases. The comments are read as code: `M!` by MariaDB, `!50708` by MySQL.
 */
export const SESSION_SETUP = [
  `set time_zone = '+00:00'`,
  `sql_mode = 'strict_all_tables,no_zero_date,no_zero_in_date,error_for_division_by_zero,no_engine_substitution,only_full_group_by,no_backslash_escapes'`,
  `innodb_lock_wait_timeout = 10`,
  `autocommit = 1 /*M!100000 , tx_isolation = 'READ-COMMITTED', max_statement_time = 30, idle_transaction_timeout = 60 */`,
]
  .join(', ')
  .concat(` /*!50720 , transaction_isolation = 'READ-COMMITTED', max_execution_time = 30000 */`)

export function poolOptions(options: DatabaseOptions): PoolOptions {
  return {
    database: options.name,
    ...(options.host !== undefined && { host: options.host }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.password !== undefined && { password: options.password }),
    connectionLimit: options.poolSize ?? DEFAULT_POOL_SIZE,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
    maxPreparedStatements: PREPARED_LIMIT,
    charset: 'utf8mb4',
    timezone: 'Z',
    rowsAsArray: true,
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    multipleStatements: false,
    trace: false,
    // A server must not be able to ask for files of this machine.
    flags: ['-LOCAL_FILES'],
  }
}
