import type { Executor, Transaction } from '../dialects/index.ts'
import { recordCrossing } from './audit-entry.ts'
import type { Context } from './context.ts'
import { createSql } from './context-sql.ts'
import { Query } from './query.ts'
import type { ActorId } from './query-scope.ts'
import { reachOf, type Store } from './store.ts'

export interface Identity {
  readonly actor: ActorId
  readonly business: string | null
  readonly requestId: string
}

/** A context on the database itself, outside any transaction. */
export function createContext(store: Store, identity: Identity): Context {
  return build({ store, identity, executor: store.database, open: null, isAcross: false })
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
}

function build(parts: ContextParts): Context {
  const { store, identity, executor, open, isAcross } = parts
  const reach = reachOf(identity.business, isAcross)
  let sql: Context['sql'] | undefined
  const ctx: Context = {
    ...identity,
    store,
    executor,
    reach,
    isInTransaction: open !== null,
    query: (model) => new Query(ctx, model),
    transaction: (work) => (open ? inSavepoint(parts, open, work) : inTransaction(parts, work)),
    onCommit: async (work) => {
      if (open) open.commitHooks.push(work)
      else await work()
    },
    get sql() {
      sql ??= createSql(ctx)
      return sql
    },
    acrossBusinesses: async (reason, work) => {
      await recordCrossing(ctx, reason)
      open?.crossings.push(reason)
      return work(build({ ...parts, identity: { ...identity, business: null }, isAcross: true }))
    },
    inBusiness: (business) => {
      if (!isAcross) throw new TypeError('Cannot go into another business: only acrossBusinesses() may')
      return build({ ...parts, identity: { ...identity, business }, isAcross: false })
    },
  }
  return ctx
}

async function inTransaction<Result>(parts: ContextParts, work: (tx: Context) => Promise<Result>): Promise<Result> {
  const transaction = await parts.store.database.begin()
  const open: OpenTransaction = { transaction, commitHooks: [], crossings: [], savepoints: 0 }
  let result: Result
  try {
    result = await work(build({ ...parts, executor: transaction, open }))
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
