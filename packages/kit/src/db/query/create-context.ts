import { EVERY_BUSINESS, type Executor, type Transaction } from '../dialects/index.ts'
import type { AnyModel, Id, ModelShape } from '../models/index.ts'
import { recordCrossing } from './audit-entry.ts'
import type { Context } from './context.ts'
import { createSql } from './context-sql.ts'
import { Query } from './query.ts'
import type { QueryLog } from './query-log.ts'
import type { ActorId } from './query-scope.ts'
import { type LinkedModel, type LinkName, RowLinks } from './row-links.ts'
import { assertIsolation, inAttempts, type TransactionOptions } from './run-transaction.ts'
import { type Reach, reachOf, type Store } from './store.ts'

export interface Identity {
  readonly actor: ActorId
  /** The superuser who works as the actor, if one does. */
  readonly impersonator?: ActorId
  readonly business: string | null
  readonly requestId: string
  /** Counts and times the statements, if any does. */
  readonly queryLog?: QueryLog | null
}

/** A context on the database itself, outside any transaction. */
export function createContext(store: Store, identity: Identity): Context {
  return build({
    store,
    identity,
    executor: watched(store.database, identity),
    open: null,
    isAcross: false,
    hookDepth: 0,
  })
}

/**
 * A context that sees the rows of all businesses from the start, for what belongs to none: the scripts of migrations. App
 * code goes there by `acrossBusinesses`, which is audited.
 */
export function createContextAcross(store: Store, identity: Identity): Context {
  return build({
    store,
    identity,
    executor: watched(store.database, identity),
    open: null,
    isAcross: true,
    hookDepth: 0,
  })
}

function watched(executor: Executor, { queryLog }: Identity): Executor {
  return queryLog ? queryLog.watch(executor) : executor
}

interface OpenTransaction {
  readonly transaction: Transaction
  readonly commitHooks: (() => Promise<void> | void)[]
  /** Why the transaction left its business. What it wrote may be rolled back; that it looked may not. */
  readonly crossings: string[]
  savepoints: number
}

interface ContextParts {
  readonly store: Store
  readonly identity: Identity
  readonly executor: Executor
  readonly open: OpenTransaction | null
  readonly isAcross: boolean
  /** How many hooks have led here, each by a write of the one before. */
  readonly hookDepth: number
}

/** Hooks that write rows whose hooks write rows: more than this is a circle. */
const MOST_HOOKS = 16

const build = (parts: ContextParts): Context => new OpenContext(parts)

/** A class, and not an object with a getter: a context is made for every request, and all must be of one shape to V8. */
class OpenContext implements Context {
  readonly actor: ActorId
  readonly impersonator: ActorId
  readonly business: string | null
  readonly requestId: string
  readonly store: Store
  readonly executor: Executor
  readonly reach: Reach
  readonly #parts: ContextParts
  #sql: Context['sql'] | null = null

  constructor(parts: ContextParts) {
    const { store, identity, executor, isAcross } = parts
    this.actor = identity.actor
    this.impersonator = identity.impersonator ?? null
    this.business = identity.business
    this.requestId = identity.requestId
    this.store = store
    this.executor = executor.within(isAcross ? EVERY_BUSINESS : identity.business)
    this.reach = reachOf(identity.business, isAcross)
    this.#parts = parts
  }

  get isInTransaction(): boolean {
    return this.#parts.open !== null
  }

  get sql(): Context['sql'] {
    this.#sql ??= createSql(this)
    return this.#sql
  }

  query<M extends ModelShape>(model: M): Query<M> {
    return new Query(this, model)
  }

  links<M extends ModelShape, Name extends LinkName<M>>(
    model: M,
    id: Id<M>,
    name: Name,
  ): RowLinks<LinkedModel<M, Name>> {
    return new RowLinks(this, model as unknown as AnyModel, { id, name }) // as: every ModelShape is made by model()
  }

  async transaction<Result>(work: (tx: Context) => Promise<Result>, options?: TransactionOptions): Promise<Result> {
    const { open } = this.#parts
    assertIsolation(options?.isolation)
    if (!open) return inAttempts(options?.attempts ?? 1, () => inTransaction(this.#parts, work, options))
    if (options) throw new TypeError('Cannot give a savepoint options: they belong to the transaction around it')
    return inSavepoint(this.#parts, open, work)
  }

  async onCommit(work: () => Promise<void> | void): Promise<void> {
    const { open } = this.#parts
    if (open) open.commitHooks.push(work)
    else await work()
  }

  async afterCommit(work: (outside: Context) => Promise<void>): Promise<void> {
    const { store, identity } = this.#parts
    await this.onCommit(() => work(build({ ...this.#parts, executor: watched(store.database, identity), open: null })))
  }

  inHook(label: string): Context {
    const hookDepth = this.#parts.hookDepth + 1
    if (hookDepth > MOST_HOOKS) {
      throw new TypeError(`The hooks of ${label} run in a circle: each writes a row whose hooks write the next`)
    }
    return build({ ...this.#parts, hookDepth })
  }

  async acrossBusinesses<Result>(reason: string, work: (ctx: Context) => Promise<Result>): Promise<Result> {
    await recordCrossing(this, reason)
    this.#parts.open?.crossings.push(reason)
    const identity = { ...this.#parts.identity, business: null }
    return work(build({ ...this.#parts, identity, isAcross: true }))
  }

  inBusiness(business: string): Context {
    if (!this.#parts.isAcross) throw new TypeError('Cannot go into another business: only acrossBusinesses() may')
    const identity = { ...this.#parts.identity, business }
    return build({ ...this.#parts, identity, isAcross: false })
  }
}

async function inTransaction<Result>(
  parts: ContextParts,
  work: (tx: Context) => Promise<Result>,
  { isolation }: TransactionOptions = {},
): Promise<Result> {
  const transaction = await parts.store.database.begin(isolation ? { isolation } : {})
  const open: OpenTransaction = { transaction, commitHooks: [], crossings: [], savepoints: 0 }
  let result: Result
  try {
    result = await work(build({ ...parts, executor: watched(transaction, parts.identity), open }))
  } catch (error) {
    await transaction.rollback()
    await recordAgain(parts, open.crossings)
    throw error
  }
  await transaction.commit()
  await runHooks(open)
  return result
}

async function recordAgain(parts: ContextParts, crossings: readonly string[]): Promise<void> {
  for (const reason of crossings) await recordCrossing(build(parts), reason)
}

/** The work is committed: every hook gets its turn, and the first failure is told after all of them. */
async function runHooks({ commitHooks }: OpenTransaction): Promise<void> {
  const outcomes = await Promise.allSettled(commitHooks.map(async (hook) => hook()))
  const failed = outcomes.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

async function inSavepoint<Result>(
  parts: ContextParts,
  open: OpenTransaction,
  work: (tx: Context) => Promise<Result>,
): Promise<Result> {
  const name = `bw_${++open.savepoints}`
  const hooks = open.commitHooks.length
  const crossings = open.crossings.length
  await open.transaction.savepoint(name)
  try {
    const result = await work(build(parts))
    await open.transaction.release(name)
    return result
  } catch (error) {
    // What was to follow the commit of this part is dropped with it.
    open.commitHooks.length = hooks
    await open.transaction.rollbackTo(name)
    await recordAgain(parts, open.crossings.slice(crossings))
    throw error
  }
}
