const PLACEHOLDERS = /«([^»]+)»/g
export const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The ids that differ from world to world, by the names that attacks have for them. */
export class KnownIds {
  readonly #idOf: Map<string, string>
  readonly #nameOf: Map<string, string>

  constructor(ids: ReadonlyMap<string, string>) {
    this.#idOf = new Map(ids)
    this.#nameOf = new Map(Array.from(ids, ([name, id]) => [id, name]))
  }

  set(name: string, id: string): void {
    this.#idOf.set(name, id)
    this.#nameOf.set(id, name)
  }

  /** Forgets the ids whose names begin so. */
  forget(prefix: string): void {
    for (const [name, id] of this.#idOf) {
      if (!name.startsWith(prefix)) continue
      this.#idOf.delete(name)
      this.#nameOf.delete(id)
    }
  }

  /** The text with ids in the places of their names. @throws {TypeError} for a name that has no id */
  written(text: string): string {
    if (!text.includes('«')) return text
    return text.replace(PLACEHOLDERS, (_, name: string) => {
      const id = this.#idOf.get(name)
      if (id === undefined) throw new TypeError(`Nothing is known by the name ${name}`)
      return id
    })
  }

  /** The text with names in the places of their ids: alike for all worlds. */
  named(text: string): string {
    const named = text.replace(UUIDS, (id) => this.#named(id))
    // Numbers are ids only between quotes or slashes, and those of our making are large.
    return named.replace(/(?<=["/])\d{9,}(?=["/])/g, (id) => this.#named(id))
  }

  #named(id: string): string {
    const name = this.#nameOf.get(id)
    return name === undefined ? id : `«${name}»`
  }
}
