import type { CacheKey } from './cache-key.ts'

export interface Lifetime {
  /** Milliseconds, 1 or more, after which the entry is gone. */
  readonly ttlMs: number
}

/**
 * Text kept for a while under a key. A cache may forget at any time, and one that is out of reach behaves as if it
 * were empty: it never throws and never keeps a request waiting. So nothing may depend on an entry being there,
 * nor on a `delete` having reached it.
 */
export interface Cache {
  /** The text, or `null` if there is none. */
  get(key: CacheKey): Promise<string | null>
  set(key: CacheKey, text: string, lifetime: Lifetime): Promise<void>
  /** Sets the text if the key has none. `false`: it has one, or the cache is out of reach. */
  add(key: CacheKey, text: string, lifetime: Lifetime): Promise<boolean>
  delete(key: CacheKey): Promise<void>
  /** Adds 1 to a count and answers the new one, or `null` out of reach. The lifetime runs from the first call. */
  increment(key: CacheKey, lifetime: Lifetime): Promise<number | null>
  /** @throws {Error} unless the cache answers within a second */
  ping(): Promise<void>
  close(): Promise<void>
}
