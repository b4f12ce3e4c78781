import { setTimeout } from 'node:timers/promises'
import type { Redis } from 'ioredis'

/** Where state changes of the connection are told; a pino logger is one. */
export interface ConnectionLog {
  info(message: string): void
  warn(details: { readonly err: unknown }, message: string): void
}

export interface RedisOptions {
  readonly url: string
  readonly log: ConnectionLog
  /** Stands before every key and topic, so that several projects can share a server. */
  readonly prefix?: string
  /** How long a command may take before the cache counts as out of reach. */
  readonly commandTimeoutMs?: number
}

export const DEFAULT_PREFIX = 'bailiwick:'
export const DEFAULT_COMMAND_TIMEOUT_MS = 500

const CONNECT_TIMEOUT_MS = 1000
const DISCONNECT_TIMEOUT_MS = 100
const LONGEST_RETRY_DELAY_MS = 2000

/**
 * Connects for ever, in the background. A command fails at once while there is no connection, rather than wait for
 * one: a request must not hang on Redis. Settles when connected, or when the first attempt has failed.
 */
export async function connectRedis({ url, log, commandTimeoutMs }: RedisOptions): Promise<Redis> {
  // Loaded only where there is a Redis to talk to: it is large.
  const { Redis: RedisClient } = await import('ioredis')
  const redis = new RedisClient(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false, // the channel does that, and knows whether it succeeded
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_DELAY_MS),
  })
  logChanges(redis, log)
  const connected = redis.connect().catch(() => {}) // told by the log, and tried again
  await Promise.race([connected, setTimeout(CONNECT_TIMEOUT_MS, null, { ref: false })])
  return redis
}

/** Ends the connection whatever its state. */
export async function disconnectRedis(redis: Redis): Promise<void> {
  await redis.quit().catch(() => redis.disconnect())
}

/** Tells of a change once, not of every failure: Redis away for an hour must not be a million lines. */
function logChanges(redis: Redis, log: ConnectionLog): void {
  let isAway = false
  let lastError: unknown
  redis.on('error', (err) => {
    lastError = err
  })
  redis.on('reconnecting', () => {
    if (!isAway) log.warn({ err: lastError }, 'Redis is out of reach')
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) log.info('Redis is back')
    isAway = false
  })
}
