import { createHash } from 'node:crypto'
import { createQueryId, DummyDriver, Kysely, type QueryCompiler, type RootOperationNode } from 'kysely'
import { type Clock, RecentMap } from '../../base/index.ts'
import type { Database, Statement, StatementSubject } from '../dialects/index.ts'
import type { Registry } from '../models/index.ts'
import { holdInsideBusiness, type TenancyCatalogue } from '../tenancy/index.ts'
import { type HookDeclaration, HookSet } from './hook-set.ts'
import { type Binder, BUSINESS_SLOT, binderOf } from './slot.ts'
import { catalogueOf } from './tenancy-catalogue.ts'

/** Where a query stands: inside a business, outside any (only global tables), or across all of them. */
export type Reach = 'business' | 'none' | 'all'

/** A compiled statement and how its values are put in. */
export interface Plan {
  readonly statement: Statement
  readonly bind: Binder
}

// biome-ignore lint/suspicious/noExplicitAny: statements are built from models at run time; their types are the models'
export type SqlBuilder = Kysely<any>

/** The database with the models in it: what contexts work on, one per process. */
export interface Store {
  readonly database: Database
  readonly registry: Registry
  readonly clock: Clock
  readonly catalogue: TenancyCatalogue
  /** What the apps do along with changes of rows. */
  readonly hooks: HookSet
  readonly compiler: QueryCompiler
  /** Builds statements; it never runs them. */
  readonly builder: SqlBuilder
  /** The plan of that key, compiled once. Inside a business the statement is held there before it is compiled. */
  plan(key: string, reach: Reach, build: () => RootOperationNode, subject?: () => StatementSubject): Plan
  /** The plan that belongs to an object which is kept and used again and again, without working out its shape anew. */
  planOf(kept: object, reach: Reach, find: () => Plan): Plan
  /** Something derived from a shape, kept beside the plans. */
  derived<Value extends object>(key: string, make: () => Value): Value
}

export interface StoreOptions {
  readonly database: Database
  readonly registry: Registry
  readonly clock: Clock
  /** What the apps do along with changes of rows: see `hooks`. */
  readonly hooks?: readonly HookDeclaration[]
}

/** Shapes kept at the most; a server of a hundred models meets some hundreds. */
const MAX_SHAPES = 4000

export function createStore({ database, registry, clock, hooks = [] }: StoreOptions): Store {
  const compiler = database.createQueryCompiler()
  const catalogue = catalogueOf(registry)
  const shapes = new RecentMap<string, object>(MAX_SHAPES)
  const derived = <Value extends object>(key: string, make: () => Value): Value => {
    const known = shapes.get(key)
    if (known) return known as Value // as: one key is used for one kind of value
    const made = make()
    shapes.set(key, made)
    return made
  }
  const plansOfKept = new WeakMap<object, Plan>()
  const planOf: Store['planOf'] = (kept, reach, find) => {
    if (reach !== 'business') return find()
    const known = plansOfKept.get(kept)
    if (known) return known
    const found = find()
    plansOfKept.set(kept, found)
    return found
  }
  const compile = (reach: Reach, node: RootOperationNode, subject?: StatementSubject): Plan => {
    const business = reach === 'business' ? BUSINESS_SLOT : null
    const options = { catalogue, business, compiler, dialect: database.dialect }
    const held = reach === 'all' ? node : holdInsideBusiness(node, options)
    const { sql, parameters } = compiler.compileQuery(held, createQueryId())
    return { statement: { sql, name: statementName(sql), ...(subject && { subject }) }, bind: binderOf(parameters) }
  }
  return {
    database,
    registry,
    clock,
    catalogue,
    hooks: new HookSet(hooks),
    compiler,
    builder: createBuilder(database, compiler),
    derived,
    planOf,
    plan: (key, reach, build, subject) => derived(`plan ${reach} ${key}`, () => compile(reach, build(), subject?.())),
  }
}

/** The reach of a context in a business, or outside one. */
export const reachOf = (business: string | null, isAcross: boolean): Reach =>
  isAcross ? 'all' : business === null ? 'none' : 'business'

export const statementName = (sql: string): string =>
  `q_${createHash('sha256').update(sql).digest('base64url').slice(0, 28)}`

function createBuilder(database: Database, compiler: QueryCompiler): SqlBuilder {
  return new Kysely({
    dialect: {
      createAdapter: () => database.createAdapter(),
      createDriver: () => new DummyDriver(),
      createQueryCompiler: () => compiler,
      createIntrospector: () => {
        throw new TypeError('This builder only builds statements')
      },
    },
  })
}
