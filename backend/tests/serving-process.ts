import type { DatabaseOptions } from '@bailiwick/kit/db'
import { type ManageProcess, printed, stop } from './manage-process.ts'

/** `manage.ts serve` in a process of its own. */
export interface ServingProcess {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

export interface ServingOptions {
  readonly database: DatabaseOptions
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a server on a database that is there already, and waits until it listens. */
export async function startServing(
  manage: ManageProcess,
  { database, environment = {} }: ServingOptions,
): Promise<ServingProcess> {
  const child = manage.start(['serve'], { environment: { ...environmentOf(database), ...environment } })
  const [, url = ''] = await printed(child, /Serving at (http:\S+)\//)
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      await stop(child)
    },
  }
}

/** The settings that lead a process to a database; it waits for connections as tests do. */
function environmentOf({ dialect, name, host, port, user, password }: DatabaseOptions): Record<string, string> {
  return {
    ...{ DB_ENGINE: dialect, DB_NAME: name, DB_POOL_TIMEOUT_MS: '30000', LOG_LEVEL: 'silent' },
    ...(host !== undefined && { DB_HOST: host }),
    ...(port !== undefined && { DB_PORT: String(port) }),
    ...(user !== undefined && { DB_USER: user }),
    ...(password !== undefined && { DB_PASSWORD: password }),
  }
}
