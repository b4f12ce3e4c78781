import { type Clock, systemClock } from '../base/index.ts'
import {
  type AnyModel,
  AuditEntry,
  type Context,
  createContext,
  createRegistry,
  createStore,
  createTables,
  type Database,
  type HookDeclaration,
  type Store,
  testDatabases,
} from '../db/index.ts'

/** A store of some models on an empty throw-away database of its own. */
export interface ThrowawayStore {
  readonly store: Store
  readonly database: Database
  /** A context inside a business, or outside any. */
  context(business: string | null, actor?: string | null): Context
  drop(): Promise<void>
}

export interface ThrowawayStoreSource {
  readonly name: string
  create(): Promise<ThrowawayStore>
}

export interface TestStoreOptions {
  readonly clock?: Clock
  readonly hooks?: readonly HookDeclaration[]
}

/** For each kind of database that can be reached: a source of stores with the tables of these models. */
export function testStores(
  models: readonly AnyModel[],
  { clock = systemClock, hooks = [] }: TestStoreOptions = {},
): ThrowawayStoreSource[] {
  return testDatabases().map(({ name, create }) => ({
    name,
    create: async () => {
      const { database, drop } = await create()
      const all = [...models, AuditEntry]
      await createTables(database, all)
      const store = createStore({ database, registry: createRegistry(all), clock, hooks })
      const context = (business: string | null, actor: string | null = null): Context =>
        createContext(store, { actor, business, requestId: 'test' })
      return { store, database, context, drop }
    },
  }))
}
