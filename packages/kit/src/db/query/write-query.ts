import { ApiError } from '../../base/index.ts'
import type { RowObject } from '../codec/index.ts'
import type { AnyModel } from '../models/index.ts'
import { atomically } from './atomically.ts'
import type { Values } from './clean-values.ts'
import { type Condition, looksElsewhere } from './condition.ts'
import { binWhere, deletePlanned, isBinnedAlone } from './delete-rows.ts'
import { holdingTargets } from './foreign-key-check.ts'
import { insertRows } from './insert-rows.ts'
import type { QueryScope } from './query-scope.ts'
import type { QuerySource } from './query-source.ts'
import { ALL_ROWS } from './query-state.ts'
import { countQuery, idsOfQuery, rowObjects } from './read-query.ts'
import { restoreByIds, restoreRows } from './restore-rows.ts'
import { hasHooks } from './run-hooks.ts'
import { chunksOf, oneOf, plainSpec } from './select-rows.ts'
import { cleanedUpdate, givenIn, updateRow, writeWhere } from './update-rows.ts'

/** Makes rows, all or none, and gives them back in order. */
export async function createRows({ ctx, model }: QuerySource, rows: readonly Values[]): Promise<RowObject[]> {
  const spec = plainSpec(model)
  return rowObjects(ctx, spec, await insertRows(ctx, model, { rows, returning: spec.columns }))
}

/** Makes the rows whose unique values are free, and gives them back in order. */
export async function createFreeRows({ ctx, model }: QuerySource, rows: readonly Values[]): Promise<RowObject[]> {
  const spec = plainSpec(model)
  const parts = { returning: spec.columns, ignoresConflicts: true }
  // MySQL does not tell which of several rows were made, unless the kit made their ids.
  const isBlind = model.idKind === 'bigint' && ctx.store.database.dialect === 'mysql'
  if (!isBlind) return rowObjects(ctx, spec, await insertRows(ctx, model, { ...parts, rows }))
  return ctx.transaction(async (tx) => {
    const made: RowObject[] = []
    for (const row of rows) made.push(...(await createIfFree(tx, model, row)))
    return made
  })
}

async function createIfFree(ctx: QueryScope, model: AnyModel, row: Values): Promise<RowObject[]> {
  try {
    return await ctx.transaction((tx) => createRows({ ctx: tx, model, state: ALL_ROWS }, [row]))
  } catch (error) {
    if (error instanceof ApiError && error.code === 'conflict') return []
    throw error
  }
}

/** Changes the rows of a query, and tells how many. */
export async function updateQuery(source: QuerySource, values: Values): Promise<number> {
  if (hasHooks(source.ctx, source.model, 'update')) return updateWithHooks(source, values)
  const write = (ctx: QueryScope): Promise<number> => updateHeld({ ...source, ctx }, values)
  return holdingTargets(source.ctx, source.model, { sets: givenIn(values), write })
}

async function updateHeld(source: QuerySource, values: Values): Promise<number> {
  const { ctx, model, state } = source
  const set = await cleanedUpdate(ctx, model, values)
  if (set.size === 0) return countQuery(source)
  return writing(source, (within, conditions) => writeWhere(within, model, { set, conditions, deleted: state.deleted }))
}

/** Changes the rows one by one, since their hooks may give each other values. */
function updateWithHooks(source: QuerySource, values: Values): Promise<number> {
  const { ctx, model, state } = source
  if (state.deleted !== 'without') {
    throw new TypeError(
      `Rows in the bin cannot be changed: ${model.label} has hooks, which run for rows that are there`,
    )
  }
  return ctx.transaction(async (tx) => {
    const held = { ...source, ctx: tx, state: { ...state, lock: 'wait' } } as const
    let changed = 0
    for (const id of await idsOfQuery(held)) {
      if (await updateRow(tx, model, { id, values, returning: ['id'] })) changed++
    }
    return changed
  })
}

/** Deletes the rows of a query, and tells how many. */
export async function deleteQuery(source: QuerySource): Promise<number> {
  const { ctx, model, state } = source
  if (isBinnedAlone(ctx, model) && state.deleted === 'without') {
    return writing(source, (within, conditions) => binWhere(within, model, conditions))
  }
  return atomically(ctx, async (tx) => deletePlanned(tx, model, await idsOfQuery({ ...source, ctx: tx })))
}

/** Takes the rows of a query out of the bin, and tells how many. */
export async function restoreQuery({ ctx, model, state }: QuerySource): Promise<number> {
  if (!state.conditions.some(looksElsewhere)) return restoreRows(ctx, model, state.conditions)
  return atomically(ctx, async (tx) => {
    const inBin: QuerySource = { ctx: tx, model, state: { ...state, deleted: 'only' } }
    return restoreByIds(tx, model, await idsOfQuery(inBin))
  })
}

/**
 * Writes by the conditions of a query in one statement. Where they look into other tables, which an update cannot join,
 * the rows are found first, in the same transaction.
 */
function writing(
  source: QuerySource,
  write: (ctx: QueryScope, conditions: readonly Condition[]) => Promise<number>,
): Promise<number> {
  const { ctx, model, state } = source
  if (!state.conditions.some(looksElsewhere)) return write(ctx, state.conditions)
  return ctx.transaction(async (tx) => {
    let written = 0
    for (const values of chunksOf(await idsOfQuery({ ...source, ctx: tx }))) {
      written += await write(tx, [oneOf(tx, model, { key: 'id', values })])
    }
    return written
  })
}
