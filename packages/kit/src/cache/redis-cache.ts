import type { Redis } from 'ioredis'
import type { Cache, Lifetime } from './cache.ts'
import type { CacheKey } from './cache-key.ts'
import { connectRedis, DEFAULT_PREFIX, disconnectRedis, type RedisOptions } from './redis-connection.ts'

/** A cache shared by every node. Settles when Redis answers, or when it is known to be out of reach. */
export async function connectRedisCache(options: RedisOptions): Promise<Cache> {
  return new RedisCache(await connectRedis(options), options.prefix ?? DEFAULT_PREFIX)
}

class RedisCache implements Cache {
  readonly #redis: Redis
  readonly #prefix: string

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis
    this.#prefix = prefix
  }

  get(key: CacheKey): Promise<string | null> {
    return this.#redis.get(this.#prefix + key).catch(() => null)
  }

  async set(key: CacheKey, text: string, { ttlMs }: Lifetime): Promise<void> {
    await this.#redis.set(this.#prefix + key, text, 'PX', ttlMs).catch(() => null)
  }

  async add(key: CacheKey, text: string, { ttlMs }: Lifetime): Promise<boolean> {
    const answer = await this.#redis.set(this.#prefix + key, text, 'PX', ttlMs, 'NX').catch(() => null)
    return answer === 'OK'
  }

  async delete(key: CacheKey): Promise<void> {
    await this.#redis.del(this.#prefix + key).catch(() => null)
  }

  async increment(key: CacheKey, { ttlMs }: Lifetime): Promise<number | null> {
    const name = this.#prefix + key
    // Together, so that a count can never be left without an end.
    const steps = this.#redis.multi().set(name, 0, 'PX', ttlMs, 'NX').incr(name)
    const outcome = await steps.exec().catch(() => null)
    const count = outcome?.[1]?.[1]
    return typeof count === 'number' ? count : null
  }

  async ping(): Promise<void> {
    await this.#redis.ping()
  }

  close(): Promise<void> {
    return disconnectRedis(this.#redis)
  }
}
