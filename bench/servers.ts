import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { BenchDatabase } from './database/index.ts'
import type { ServerCommand } from './running-server.ts'
import type { BenchSettings } from './settings.ts'

/** Both servers of a run, told of the same things. */
export interface Servers {
  readonly ours: ServerCommand
  readonly baseline: ServerCommand
}

const FOLDER = import.meta.dirname
const MANAGE = resolve(FOLDER, '../backend/manage.ts')
const BASELINE = resolve(FOLDER, 'baseline/server.ts')

export function serversOn(database: BenchDatabase, port: number, against: BenchSettings['against']): Servers {
  const environment = environmentOf(database)
  const unbound = { ...environment, DATABASE_URL: database.adminUrl, DB_RLS: 'false' }
  const baseline =
    against === 'without rls'
      ? { name: 'without RLS', nodeArguments: [MANAGE, 'serve'], port, environment: unbound }
      : { name: 'baseline', nodeArguments: [BASELINE], port, environment: unbound }
  return { ours: { name: 'ours', nodeArguments: [MANAGE, 'serve'], port, environment }, baseline }
}

/** Makes the tables, by the migrations of the project. */
export async function migrate(database: BenchDatabase): Promise<void> {
  const environment = { ...process.env, ...environmentOf(database) }
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', MANAGE, 'migrate'], {
    env: environment,
  })
}

function environmentOf(database: BenchDatabase): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: database.url,
    DB_POOL_SIZE: '10',
    DEBUG: 'false',
    // Secrets of a database that lives for minutes, on this machine alone.
    SECRET_KEY: 'bench-secret-7Qm2xT9vKc4LrW8zPd5NyH3sBf6GjA1eUoXiVtRq0M',
    JWT_SECRET_KEY: 'bench-tokens-3Zk8wYp1Nq6TdR9xLc4VmJ7hGs2FbE5uAoQiKyXt0W',
    ALLOWED_HOSTS: '127.0.0.1',
    EMAIL_BACKEND: 'dummy',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    REDIS_URL: '',
  }
}
