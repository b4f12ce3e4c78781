interface Entry<Value> {
  readonly value: Value
  lastUse: number
}

/**
 * A map that holds so many entries at the most. Beyond that the tenth that was not asked for the longest time goes at
 * once, so that asking moves nothing.
 *
 * @example
 * const map = new RecentMap<string, number>(10)
 * map.set('a', 1)
 * assert.equal(map.get('a'), 1)
 */
export class RecentMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Value>>()
  readonly #limit: number
  #uses = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#uses += 1
    entry.lastUse = this.#uses
    return entry.value
  }

  /** Keeps `value`, and gives the keys that had to go for it. */
  set(key: Key, value: Value): Key[] {
    this.#uses += 1
    this.#entries.set(key, { value, lastUse: this.#uses })
    return this.#entries.size > this.#limit ? this.#dropOldest() : []
  }

  delete(key: Key): void {
    this.#entries.delete(key)
  }

  /** Drops the entries of which this is true. */
  deleteWhere(isGone: (value: Value) => boolean): void {
    for (const [key, { value }] of this.#entries) if (isGone(value)) this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  #dropOldest(): Key[] {
    const oldestFirst = [...this.#entries].sort(([, left], [, right]) => left.lastUse - right.lastUse)
    const dropped = oldestFirst.slice(0, Math.ceil(this.#limit / 10)).map(([key]) => key)
    for (const key of dropped) this.#entries.delete(key)
    return dropped
  }
}
