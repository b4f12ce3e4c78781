import type { DriverValue, RawValue } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import { padded } from './padded.ts'
import type { QueryScope } from './query-scope.ts'
import { type DeletedRows, type RowLock, type SelectSpec, shapeOfSpec, valuesOfSpec } from './select-spec.ts'
import { selectStatement } from './select-statement.ts'
import { subjectOf } from './statement-subject.ts'
import type { Plan } from './store.ts'

/**
 * Runs a spec and gives its rows as the driver does. `kept` is an object that lives as long as specs of that very shape
 * are run: the plan is found by it at once.
 */
export async function selectRows(ctx: QueryScope, spec: SelectSpec, kept?: object): Promise<RawValue[][]> {
  const { store, executor, reach, business } = ctx
  const find = (): Plan =>
    store.plan(
      shapeOfSpec(spec),
      reach,
      () => selectStatement(store, spec),
      () => subjectOf(store.registry, spec),
    )
  const plan = kept ? store.planOf(kept, reach, find) : find()
  return (await executor.execute(plan.statement, plan.bind(valuesOfSpec(spec, business)))).rows
}

/** A spec of whole rows in no order, to be narrowed. */
export function plainSpec(model: AnyModel): SelectSpec {
  return {
    model,
    columns: [...model.columns.keys()],
    expansions: [],
    conditions: [],
    order: [],
    deleted: 'without',
    window: null,
    hasCount: false,
  }
}

export interface RowsByKeyParts {
  /** The path that is compared: `id`, or a foreign key. */
  readonly key: string
  /** Values in the database's form. */
  readonly values: readonly DriverValue[]
  readonly columns: readonly string[]
  readonly deleted: DeletedRows
  readonly lock?: RowLock
}

/** Keys that go into one statement. */
export const KEYS_PER_STATEMENT = 512

/** Rows whose key is one of the values, in no order. */
export async function selectByKey(ctx: QueryScope, model: AnyModel, parts: RowsByKeyParts): Promise<RawValue[][]> {
  const rows: RawValue[][] = []
  for (const values of chunksOf(parts.values)) {
    const { key, values: _, ...wanted } = parts
    const conditions = [oneOf(ctx, model, { key, values })]
    rows.push(...(await selectRows(ctx, { ...plainSpec(model), ...wanted, conditions })))
  }
  return rows
}

export function chunksOf<Item>(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += KEYS_PER_STATEMENT) chunks.push(items.slice(at, at + KEYS_PER_STATEMENT))
  return chunks
}

/** The condition that a key holds one of the values. */
export function oneOf(
  ctx: QueryScope,
  model: AnyModel,
  { key, values }: { key: string; values: readonly DriverValue[] },
): Condition {
  const path = resolvePath(ctx.store.registry, model, key)
  return { path, operator: 'in', values: padded(values), foldsUnicode: false }
}
