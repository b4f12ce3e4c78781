import type { Executor, Session, Transaction } from '../../dialects/index.ts'

/** A transaction on a connection: a savepoint where one is open there already. @param through what statements pass on the way */
export async function transactionWithin(
  executor: Executor,
  through: (executor: Executor) => Executor,
): Promise<Transaction> {
  if (isTransaction(executor)) return savepoint(executor, through)
  const transaction = await (executor as Session).begin() // as: a migration runs in a transaction or on a session
  return { ...parts(transaction, through), commit: () => transaction.commit(), rollback: () => transaction.rollback() }
}

const isTransaction = (executor: Executor): executor is Transaction => 'savepoint' in executor

const NAME = 'bw_script'

async function savepoint(outer: Transaction, through: (executor: Executor) => Executor): Promise<Transaction> {
  await outer.savepoint(NAME)
  return { ...parts(outer, through), commit: () => outer.release(NAME), rollback: () => outer.rollbackTo(NAME) }
}

/** What a transaction has from the one that it is a part of. */
function parts(transaction: Transaction, through: (executor: Executor) => Executor) {
  return {
    ...through(transaction),
    savepoint: (name: string) => transaction.savepoint(name),
    release: (name: string) => transaction.release(name),
    rollbackTo: (name: string) => transaction.rollbackTo(name),
  }
}
