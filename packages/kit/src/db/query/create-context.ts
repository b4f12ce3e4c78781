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
      return work(build({ ...parts, identity: { ...identity, business: null }, isAcross: true }))
    },
  }
  return ctx
}

async function inTransaction<Result>(parts: ContextParts, work: (tx: Context) => Promise<Result>): Promise<Result> {
  const transaction = await parts.store.database.begin()
  const open: OpenTransaction = { transaction, commitHooks: [], savepoints: 0 }
  let result: Result
  try {
    result = await work(build({ ...parts, executor: transaction, open }))
  } catch (error) {
    await transaction.rollback()
    throw error
  }
  await transaction.commit()
  for (const hook of open.commitHooks) await hook()
  return result
}

async function inSavepoint<Result>(
  parts: ContextParts,
  open: OpenTransaction,
  work: (tx: Context) => Promise<Result>,
): Promise<Result> {
  const name = `bw_${++open.savepoints}`
  const hooks = open.commitHooks.length
  await open.transaction.savepoint(name)
  try {
    const result = await work(build(parts))
    await open.transaction.release(name)
    return result
  } catch (error) {
    // What was to follow the commit of this part is dropped with it.
    open.commitHooks.length = hooks
    await open.transaction.rollbackTo(name)
    throw error
  }
}
