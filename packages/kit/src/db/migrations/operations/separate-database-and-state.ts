import type { SchemaEditor } from '../schema/index.ts'
import type { Operation, OperationChange } from './operation.ts'

export interface SeparateOptions {
  /** What is done to the database. It changes nothing of the models as the migrations know them. */
  readonly database?: readonly Operation[]
  /** How the models are known to be changed by it. It does nothing to the database. */
  readonly state?: readonly Operation[]
}

/**
 * Does one thing to the database and tells the migrations of another: where a table is as it should be already, or is made
 * so by SQL of one's own.
 *
 * @example
 * separateDatabaseAndState({
 *   database: [runSql({ postgresql: 'create index concurrently …' }, { postgresql: 'drop index …' })],
 *   state: [addIndex('Client', { fields: ['name'], name: 'client_name' })],
 * })
 */
export function separateDatabaseAndState({ database = [], state = [] }: SeparateOptions): Operation {
  const all = [...database, ...state]
  return {
    name: 'separateDatabaseAndState',
    args: null,
    isReversible: database.every((operation) => operation.isReversible),
    fragment: null,
    describe: () => `Custom state/database change combination (${all.map((each) => each.describe()).join(', ')})`,
    risk: (from, app) => riskOf(database, { from, app }),
    isConfirmed: database.every((operation) => operation.isConfirmed !== false),
    stateForwards: (from, app) => state.reduce((after, operation) => operation.stateForwards(after, app), from),
    databaseForwards: (editor, change) => forwards(database, editor, change),
    databaseBackwards: (editor, change) => backwards(database, editor, change),
  }
}

function riskOf(operations: readonly Operation[], { from, app }: Pick<OperationChange, 'from' | 'app'>): string | null {
  let before = from
  for (const operation of operations) {
    const risk = operation.isConfirmed ? null : (operation.risk?.(before, app) ?? null)
    if (risk !== null) return `${operation.describe()}: ${risk}`
    before = operation.stateForwards(before, app)
  }
  return null
}

async function forwards(
  operations: readonly Operation[],
  editor: SchemaEditor,
  change: OperationChange,
): Promise<void> {
  let { from } = change
  for (const operation of operations) {
    const to = operation.stateForwards(from, change.app)
    await operation.databaseForwards(editor, { ...change, from, to })
    from = to
  }
}

/** From the last to the first, each between the models that it would have been between on its own. */
async function backwards(
  operations: readonly Operation[],
  editor: SchemaEditor,
  change: OperationChange,
): Promise<void> {
  const states = [change.to]
  for (const operation of operations) states.push(operation.stateForwards(states.at(-1) ?? change.to, change.app))
  for (const [index, operation] of [...operations.entries()].reverse()) {
    const [to = change.to, from = change.from] = [states[index], states[index + 1]]
    await operation.databaseBackwards(editor, { ...change, from, to })
  }
}
