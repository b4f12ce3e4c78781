import { sql } from 'kysely'
import { ApiError } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { isForeignKey, storedMoment } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, type Referrer } from '../models/index.ts'
import type { Cleaned } from './clean-values.ts'
import type { Condition } from './condition.ts'
import { padded } from './padded.ts'
import type { QueryScope } from './query-scope.ts'
import { runWrite } from './refusal.ts'
import { chunksOf, selectByKey } from './select-rows.ts'
import { Slot } from './slot.ts'
import { stampUpdate, writeRows, writeWhere } from './update-rows.ts'

/**
 * Deletes rows, and does to the rows that point to them what their foreign keys say. Rows of a model with soft delete go
 * to the bin, and so do those that go with them; others are gone for good.
 *
 * @throws {ApiError} `protected` if rows that stay point to them, with nothing changed
 */
export async function deleteRows(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<number> {
  if (ids.length === 0) return 0
  const isHard = !model.hasSoftDelete
  const referrers = ctx.store.registry.referrers(model)
  if (referrers.length === 0) return removeRows(ctx, model, { ids, isHard })
  return ctx.transaction((tx) => deleteWithReferrers(tx, model, { ids, isHard }))
}

interface DeleteParts {
  readonly ids: readonly DriverValue[]
  /** Whether the rows are gone for good: then even rows in the bin must not point to them. */
  readonly isHard: boolean
}

async function deleteWithReferrers(ctx: QueryScope, model: AnyModel, parts: DeleteParts): Promise<number> {
  for (const referrer of ctx.store.registry.referrers(model)) await settleReferrer(ctx, model, { ...parts, referrer })
  return removeRows(ctx, model, parts)
}

async function settleReferrer(
  ctx: QueryScope,
  model: AnyModel,
  { ids, isHard, referrer }: DeleteParts & { readonly referrer: Referrer },
): Promise<void> {
  const { kind, name } = referrer.column
  if (!isForeignKey(kind)) return
  const deleted = isHard ? 'with' : 'without'
  if (kind.onDelete === 'set null') {
    const set = new Map<Column, unknown>([[referrer.column, null]])
    stampUpdate(ctx, referrer.model, set)
    await writeRows(ctx, referrer.model, { set, key: name, ids, deleted })
    return
  }
  const rows = await selectByKey(ctx, referrer.model, { key: name, values: ids, columns: ['id'], deleted })
  if (rows.length === 0) return
  if (kind.onDelete !== 'cascade') throw protectedError(model, referrer.model, rows.length)
  const pointing = rows.map((row): DriverValue => row[0] ?? null)
  await deleteWithReferrers(ctx, referrer.model, { ids: pointing, isHard: isHard || !referrer.model.hasSoftDelete })
}

function protectedError(model: AnyModel, referrer: AnyModel, count: number): ApiError {
  const pointing = count === 1 ? `1 ${referrer.verboseName} points` : `${count} ${referrer.verboseNamePlural} point`
  const message = `Cannot delete this ${model.verboseName}: ${pointing} to it.`
  return new ApiError('protected', { message, errors: { non_field_errors: [message] } })
}

async function removeRows(ctx: QueryScope, model: AnyModel, { ids, isHard }: DeleteParts): Promise<number> {
  if (isHard) return eraseRows(ctx, model, ids)
  return writeRows(ctx, model, { set: binning(ctx, model), key: 'id', ids, deleted: 'without' })
}

/** What is written on a row that goes to the bin. */
function binning(ctx: QueryScope, model: AnyModel): Cleaned {
  return new Map<Column, unknown>([
    [columnNamed(model, 'deleted_at'), storedMoment(new Date(ctx.store.clock.now()))],
    [columnNamed(model, 'deleted_by'), ctx.actor],
  ])
}

async function eraseRows(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<number> {
  let erased = 0
  for (const chunk of chunksOf(ids)) {
    const values = padded(chunk)
    const plan = ctx.store.plan(`delete ${model.label} ${values.length}`, ctx.reach, () => {
      const slots = values.map((_, at) => sql`${new Slot(at + 1)}`)
      return ctx.store.builder
        .deleteFrom(model.table)
        .where(sql<boolean>`${sql.ref('id')} in (${sql.join(slots)})`)
        .toOperationNode()
    })
    const bound = plan.bind([ctx.business, ...values])
    erased += (await runWrite(model, () => ctx.executor.execute(plan.statement, bound))).affected
  }
  return erased
}

/** Whether rows of a model can be deleted in one statement: they go to the bin, and no row points to them. */
export const isBinnedAlone = ({ store }: QueryScope, model: AnyModel): boolean =>
  model.hasSoftDelete && store.registry.referrers(model).length === 0

/** Puts the rows that meet conditions into the bin. */
export function binWhere(ctx: QueryScope, model: AnyModel, conditions: readonly Condition[]): Promise<number> {
  return writeWhere(ctx, model, { set: binning(ctx, model), conditions, deleted: 'without' })
}

/**
 * Takes the rows that meet conditions out of the bin.
 *
 * @throws {ApiError} `conflict` if a living row has taken a value that must be unique
 */
export async function restoreRows(ctx: QueryScope, model: AnyModel, conditions: readonly Condition[]): Promise<number> {
  if (!model.hasSoftDelete) throw new TypeError(`${model.label} has no soft delete: there is nothing to restore`)
  const set = new Map<Column, unknown>([
    [columnNamed(model, 'deleted_at'), null],
    [columnNamed(model, 'deleted_by'), null],
  ])
  stampUpdate(ctx, model, set)
  return writeWhere(ctx, model, { set, conditions, deleted: 'only' })
}
