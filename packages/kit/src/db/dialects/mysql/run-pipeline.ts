import type { Connection } from 'mysql2'
import type { BoundStatement, Outcome } from '../dialect.ts'
import { hasEndedTransaction } from './mysql-error.ts'
import { runStatement } from './run-statement.ts'

/** How statements are made one unit: by a transaction, or inside one by a savepoint. */
export interface PipelineFrame {
  readonly begin: string
  readonly end: string
  readonly undo: string
}

export const TRANSACTION: PipelineFrame = { begin: 'start transaction', end: 'commit', undo: 'rollback' }

export const SAVEPOINT: PipelineFrame = {
  begin: 'savepoint bw_pipeline',
  end: 'release savepoint bw_pipeline',
  undo: 'rollback to savepoint bw_pipeline',
}

export async function runPipeline(
  connection: Connection,
  items: readonly BoundStatement[],
  frame: PipelineFrame,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  await runStatement(connection, { sql: frame.begin }, [])
  try {
    for (const item of items) outcomes.push(await runStatement(connection, item.statement, item.params))
    await runStatement(connection, { sql: frame.end }, [])
  } catch (error) {
    if (!hasEndedTransaction(error)) await runStatement(connection, { sql: frame.undo }, [])
    throw error
  }
  return outcomes
}
