import { type Clock, systemClock } from '../base/index.ts'
import type { Cache, Lifetime } from './cache.ts'
import type { CacheKey } from './cache-key.ts'

export interface MemoryCacheOptions {
  readonly clock?: Clock
  /** Entries at the most: beyond, the one written longest ago goes. */
  readonly maxEntries?: number
}

interface Entry {
  readonly text: string
  readonly expiresAt: number
}

/** A cache inside this process, for one node and for tests. */
export class MemoryCache implements Cache {
  readonly #clock: Clock
  readonly #maxEntries: number
  readonly #entries = new Map<CacheKey, Entry>()

  constructor({ clock = systemClock, maxEntries = 10_000 }: MemoryCacheOptions = {}) {
    this.#clock = clock
    this.#maxEntries = maxEntries
  }

  async get(key: CacheKey): Promise<string | null> {
    return this.#find(key)?.text ?? null
  }

  async set(key: CacheKey, text: string, { ttlMs }: Lifetime): Promise<void> {
    this.#write(key, { text, expiresAt: this.#clock.now() + ttlMs })
  }

  async add(key: CacheKey, text: string, lifetime: Lifetime): Promise<boolean> {
    if (this.#find(key) !== undefined) return false
    await this.set(key, text, lifetime)
    return true
  }

  async delete(key: CacheKey): Promise<void> {
    this.#entries.delete(key)
  }

  async increment(key: CacheKey, { ttlMs }: Lifetime): Promise<number> {
    const entry = this.#find(key)
    const count = Number(entry?.text ?? 0) + 1
    this.#write(key, { text: `${count}`, expiresAt: entry?.expiresAt ?? this.#clock.now() + ttlMs })
    return count
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {
    this.#entries.clear()
  }

  #find(key: CacheKey): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAt > this.#clock.now()) return entry
    this.#entries.delete(key)
    return undefined
  }

  #write(key: CacheKey, entry: Entry): void {
    this.#entries.delete(key) // a map keeps its order of insertion, and this one is to be ordered by writing
    this.#entries.set(key, entry)
    if (this.#entries.size <= this.#maxEntries) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}
