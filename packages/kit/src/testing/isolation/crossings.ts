import type { BoundStatement, Statement } from '../../db/index.ts'
import type { BuiltServer } from '../../manage/index.ts'

/** Watches a server for statements that are held inside no business, and for the entries that must tell of them. */
export class CrossingWatch {
  readonly #tables: RegExp
  #crossings = 0
  #entries = 0
  #last = ''

  constructor({ store }: BuiltServer) {
    const tables = store.registry.models.filter(({ scope }) => scope === 'business').map(({ table }) => table)
    this.#tables = new RegExp(`["\`](?:${tables.join('|')})["\`]`)
    const { database } = store
    const execute = database.execute.bind(database)
    const pipeline = database.pipeline.bind(database)
    const watched = {
      // Whatever else it is told, such as whose rows it may touch, is passed on.
      execute: (...given: Parameters<typeof execute>) => {
        this.#see(given[0])
        return execute(...given)
      },
      pipeline: (items: readonly BoundStatement[]) => {
        for (const { statement } of items) this.#see(statement)
        return pipeline(items)
      },
    }
    for (const [name, value] of Object.entries(watched)) {
      Object.defineProperty(database, name, { value, configurable: true, writable: true })
    }
  }

  /** What has left its business without a word in the audit log since it was last asked; null: nothing. */
  fault(): string | null {
    const isSilent = this.#crossings > 0 && this.#entries === 0
    this.#crossings = 0
    this.#entries = 0
    return isSilent ? `a statement left its business, and the audit log does not tell of it: ${this.#last}` : null
  }

  #see({ sql }: Statement): void {
    if (/^insert into ["`]kit_auditentry["`]/.test(sql)) this.#entries += 1
    if (sql.includes('business_id') || !this.#tables.test(sql)) return
    this.#crossings += 1
    this.#last = sql.slice(0, 200)
  }
}
