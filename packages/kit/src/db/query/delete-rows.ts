import { ApiError, newId } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { Problem, storedMoment } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { atomically } from './atomically.ts'
import { type Cleaned, omittedValue } from './clean-values.ts'
import type { Condition } from './condition.ts'
import { type Clearing, type DeletePlan, planDeletion, pointingRows, pointsTo } from './delete-plan.ts'
import { eraseAll } from './erase-rows.ts'
import { findsRow } from './foreign-key-check.ts'
import { protectedError } from './protected-error.ts'
import type { QueryScope } from './query-scope.ts'
import { hasHooks, watchMoves } from './run-hooks.ts'
import { chunksOf, plainSpec, selectByKey, selectRows } from './select-rows.ts'
import { stampUpdate, updateRow, writeRows, writeWhere } from './update-rows.ts'

/**
 * Deletes rows, and does to the rows that point to them what their keys say. Rows of a model with soft delete go to the
 * bin, and those that go with them share its `deletion_id`; others are gone for good.
 *
 * @throws {ApiError} `protected` if rows that stay point to them, with nothing changed
 */
export async function deleteRows(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<number> {
  if (ids.length === 0) return 0
  if (isBinnedAlone(ctx, model)) {
    return writeRows(ctx, model, { set: binning(ctx, model, newId()), key: 'id', ids, deleted: 'without' })
  }
  return atomically(ctx, (tx) => deletePlanned(tx, model, ids))
}

/** The same, within a transaction of which it may leave a part behind if it throws. */
export async function deletePlanned(ctx: QueryScope, model: AnyModel, wanted: readonly DriverValue[]): Promise<number> {
  const parts = { key: 'id', values: wanted, columns: ['id'], deleted: 'without', lock: 'wait' } as const
  const ids = (await selectByKey(ctx, model, parts)).map((row): DriverValue => row[0] ?? null)
  const plan = await planDeletion(ctx, { target: model, ids, isHard: !model.hasSoftDelete })
  if (plan.obstacles.length > 0) throw await protectedError(ctx, model, plan.obstacles)
  const moves = await watchMoves(ctx, 'delete', goingRows(plan))
  const deletion = newId()
  for (const [of, going] of plan.binned) {
    const set = binning(ctx, of, deletion)
    await writeRows(ctx, of, { set, key: 'id', ids: [...going.values()], deleted: 'without' })
  }
  // After the bin is filled: what went there keeps its keys, to come back with them.
  for (const clearing of plan.cleared) await clearKeys(ctx, model, { clearing, erased: plan.erased })
  await eraseAll(ctx, plan.erased)
  await moves.done()
  return ids.length
}

/** All rows that go, to the bin or for good. */
function goingRows({ binned, erased }: DeletePlan): ReadonlyMap<AnyModel, readonly DriverValue[]> {
  const going = new Map<AnyModel, readonly DriverValue[]>()
  for (const [model, ids] of [...binned, ...erased]) going.set(model, [...(going.get(model) ?? []), ...ids.values()])
  return going
}

/** Empties the keys that point to rows which go, or sets them to their default. */
async function clearKeys(
  ctx: QueryScope,
  root: AnyModel,
  { clearing, erased }: { readonly clearing: Clearing } & Pick<DeletePlan, 'erased'>,
): Promise<void> {
  const { pointing, target, ids, isHard } = clearing
  const { model, column, typeColumn, onDelete } = pointing
  const value = onDelete === 'set default' ? omittedValue(column) : null
  if (value instanceof Problem) throw new TypeError(`The default of ${model.label}.${column.name} is no id`)
  const set = new Map<Column, unknown>([[column, value]])
  if (typeColumn) set.set(typeColumn, null)
  stampUpdate(ctx, model, set)
  // What is erased is still there while keys are set: the default may be among it.
  const isGoing = value !== null && erased.get(target)?.has(String(value)) === true
  let changed = 0
  for (const chunk of chunksOf(ids)) {
    const conditions = pointsTo(ctx, pointing, { target, ids: chunk })
    changed += await clearWithHooks(ctx, model, { conditions, set })
    changed += await writeWhere(ctx, model, { set, conditions, deleted: pointingRows(isHard) })
  }
  if (changed === 0 || value === null || (!isGoing && (await findsRow(ctx, column, value)))) return
  const message = `Cannot delete this ${root.verboseName}: ${model.verboseNamePlural} that point to it fall back to a ${target.verboseName} that is not there.`
  throw new ApiError('protected', { message, errors: { non_field_errors: [message] } })
}

/** Empties the keys of rows whose hooks want to know, one by one. */
async function clearWithHooks(
  ctx: QueryScope,
  model: AnyModel,
  { conditions, set }: { readonly conditions: readonly Condition[]; readonly set: Cleaned },
): Promise<number> {
  if (!hasHooks(ctx, model, 'update')) return 0
  const declared = [...set].filter(([{ origin }]) => origin === 'declared')
  const values = Object.fromEntries(declared.map(([{ name }, value]) => [name, value]))
  const rows = await selectRows(ctx, { ...plainSpec(model), columns: ['id'], conditions })
  for (const [id = null] of rows) await updateRow(ctx, model, { id, values, returning: ['id'] })
  return rows.length
}

/** What is written on a row that goes to the bin. */
function binning(ctx: QueryScope, model: AnyModel, deletion: string): Cleaned {
  return new Map<Column, unknown>([
    [columnNamed(model, 'deleted_at'), storedMoment(new Date(ctx.store.clock.now()))],
    [columnNamed(model, 'deleted_by'), ctx.actor],
    [columnNamed(model, 'deletion_id'), deletion],
  ])
}

/** Whether rows of a model can be deleted in one statement: they go to the bin, and no row points to them. */
export const isBinnedAlone = (ctx: QueryScope, model: AnyModel): boolean =>
  model.hasSoftDelete &&
  !hasHooks(ctx, model, 'delete') &&
  ctx.store.registry.pointing(model).every((pointing) => pointing.model.isAutomatic)

/** Puts the rows that meet conditions into the bin. */
export function binWhere(ctx: QueryScope, model: AnyModel, conditions: readonly Condition[]): Promise<number> {
  return writeWhere(ctx, model, { set: binning(ctx, model, newId()), conditions, deleted: 'without' })
}
