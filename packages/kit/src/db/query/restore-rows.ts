import type { DriverValue, RawValue } from '../dialects/index.ts'
import { type AnyModel, type Column, columnNamed, type Pointing, type Registry } from '../models/index.ts'
import { atomically } from './atomically.ts'
import type { Condition } from './condition.ts'
import { pointsTo } from './delete-plan.ts'
import { assertHeld, guardedColumns } from './guarded-keys.ts'
import type { QueryScope } from './query-scope.ts'
import { hasHooks, watchMoves } from './run-hooks.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import { stampUpdate, writeRows, writeWhere } from './update-rows.ts'

/**
 * Takes the rows that meet conditions out of the bin, and with each what its deletion took along. Tells how many rows
 * met the conditions.
 *
 * @throws {ApiError} `conflict` if a living row has taken a value that must be unique, or a row that would come back
 * points to one that stays in the bin; nothing comes back then
 */
export async function restoreRows(ctx: QueryScope, model: AnyModel, conditions: readonly Condition[]): Promise<number> {
  assertHasBin(model)
  const { registry } = ctx.store
  const isAlone = guardedColumns(registry, model).length === 0 && followers(registry, model).length === 0
  if (isAlone && !hasHooks(ctx, model, 'restore')) {
    return writeWhere(ctx, model, { set: reviving(ctx, model), conditions, deleted: 'only' })
  }
  return atomically(ctx, async (tx) => restoreAlong(tx, model, await binnedRows(tx, model, conditions)))
}

/**
 * The same for rows found before, by their ids. All come back together: a row and the one that it points to may stand
 * anywhere among them.
 */
export async function restoreByIds(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<number> {
  assertHasBin(model)
  return atomically(ctx, async (tx) => {
    const roots: BinnedRow[] = []
    for (const values of chunksOf(ids)) {
      roots.push(...(await binnedRows(tx, model, [oneOf(tx, model, { key: 'id', values })])))
    }
    return restoreAlong(tx, model, roots)
  })
}

function assertHasBin(model: AnyModel): void {
  if (!model.hasSoftDelete) throw new TypeError(`${model.label} has no soft delete: there is nothing to restore`)
}

/** A row in the bin: its id, the deletion that took it, and what its guarded columns hold. */
interface BinnedRow {
  readonly id: DriverValue
  readonly deletion: string | null
  readonly keys: readonly RawValue[]
}

type Returning = Map<AnyModel, Map<string, BinnedRow>>

async function restoreAlong(ctx: QueryScope, model: AnyModel, roots: readonly BinnedRow[]): Promise<number> {
  const returning: Returning = new Map()
  const steps: (readonly [AnyModel, readonly BinnedRow[]])[] = [[model, taken(returning, model, roots)]]
  for (let step = steps.shift(); step; step = steps.shift()) {
    const [target, rows] = step
    if (rows.length === 0) continue
    for (const pointing of followers(ctx.store.registry, target)) {
      const found = await followingRows(ctx, pointing, { target, rows })
      steps.push([pointing.model, taken(returning, pointing.model, found)])
    }
  }
  const returns = (target: AnyModel, id: string): boolean => returning.get(target)?.has(id) === true
  for (const [of, rows] of returning) {
    await assertHeld(ctx, of, { rows: [...rows.values()].map(({ keys }) => keys), returns })
  }
  const moving = Array.from(returning, ([of, rows]) => [of, [...rows.values()].map(({ id }) => id)] as const)
  const moves = await watchMoves(ctx, 'restore', new Map(moving))
  for (const [of, ids] of moving) {
    await writeRows(ctx, of, { set: reviving(ctx, of), key: 'id', ids, deleted: 'only' })
  }
  await moves.done()
  return roots.length
}

/** The keys by which rows follow a row into the bin and back. */
const followers = (registry: Registry, model: AnyModel): Pointing[] =>
  registry.pointing(model).filter(({ model: of, onDelete }) => onDelete === 'cascade' && of.hasSoftDelete)

function taken(returning: Returning, model: AnyModel, rows: readonly BinnedRow[]): BinnedRow[] {
  const known = returning.get(model) ?? new Map<string, BinnedRow>()
  const fresh = rows.filter(({ id }) => !known.has(String(id)))
  for (const row of fresh) known.set(String(row.id), row)
  returning.set(model, known)
  return fresh
}

async function binnedRows(ctx: QueryScope, model: AnyModel, conditions: readonly Condition[]): Promise<BinnedRow[]> {
  const keys = guardedColumns(ctx.store.registry, model)
  const columns = ['id', 'deletion_id', ...keys]
  const rows = await selectRows(ctx, { ...plainSpec(model), columns, conditions, deleted: 'only', lock: 'wait' })
  return rows.map(([id = null, deletion = null, ...rest]) => ({ id, deletion: textOf(deletion), keys: rest }))
}

/** The rows that the deletion of `rows` took along by a key. */
async function followingRows(
  ctx: QueryScope,
  pointing: Pointing,
  { target, rows }: { readonly target: AnyModel; readonly rows: readonly BinnedRow[] },
): Promise<BinnedRow[]> {
  const { model, column } = pointing
  const deletions = new Map(rows.map(({ id, deletion }) => [String(id), deletion]))
  const keys = guardedColumns(ctx.store.registry, model)
  const spec = { ...plainSpec(model), deleted: 'only', lock: 'wait' } as const
  const columns = [column.name, 'id', 'deletion_id', ...keys]
  const found: BinnedRow[] = []
  for (const ids of chunksOf(rows.map(({ id }) => id))) {
    const conditions = pointsTo(ctx, pointing, { target, ids })
    for (const [pointed, id = null, deletion = null, ...rest] of await selectRows(ctx, {
      ...spec,
      columns,
      conditions,
    })) {
      const isTaken = deletion !== null && textOf(deletion) === deletions.get(String(pointed))
      if (isTaken) found.push({ id, deletion: textOf(deletion), keys: rest })
    }
  }
  return found
}

const textOf = (raw: RawValue): string | null => (raw === null ? null : String(raw))

function reviving(ctx: QueryScope, model: AnyModel): Map<Column, unknown> {
  const set = new Map<Column, unknown>([
    [columnNamed(model, 'deleted_at'), null],
    [columnNamed(model, 'deleted_by'), null],
    [columnNamed(model, 'deletion_id'), null],
  ])
  stampUpdate(ctx, model, set)
  return set
}
