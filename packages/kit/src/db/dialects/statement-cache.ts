interface Entry<Prepared> {
  readonly name: string
  readonly prepared: Prepared
  lastUse: number
}

/**
 * The prepared statements of one connection by name, bounded: beyond `limit` the tenth that was
 * used least recently is dropped at once, so that a hit costs no reordering.
 */
export class StatementCache<Prepared> {
  readonly #entries = new Map<string, Entry<Prepared>>()
  readonly #limit: number
  #uses = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(name: string): Prepared | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined) return undefined
    this.#uses += 1
    entry.lastUse = this.#uses
    return entry.prepared
  }

  /** Keeps `prepared` and returns the names that had to go for it. */
  set(name: string, prepared: Prepared): string[] {
    this.#uses += 1
    this.#entries.set(name, { name, prepared, lastUse: this.#uses })
    return this.#entries.size > this.#limit ? this.#dropOldest() : []
  }

  delete(name: string): void {
    this.#entries.delete(name)
  }

  clear(): void {
    this.#entries.clear()
  }

  #dropOldest(): string[] {
    const oldestFirst = [...this.#entries.values()].sort((left, right) => left.lastUse - right.lastUse)
    const dropped = oldestFirst.slice(0, Math.ceil(this.#limit / 10)).map((entry) => entry.name)
    for (const name of dropped) this.#entries.delete(name)
    return dropped
  }
}
