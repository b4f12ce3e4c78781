import { ApiError, validationError } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import type { AnyModel } from '../models/index.ts'
import { atomically } from './atomically.ts'
import type { Values } from './clean-values.ts'
import { deletePlanned } from './delete-rows.ts'
import { existingIds } from './foreign-key-check.ts'
import { insertRows } from './insert-rows.ts'
import { missingRow } from './missing-row.ts'
import type { PairRelation } from './pairs.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'

/** How the pairs of one row are changed. */
export interface TieParts {
  /** The row, by its id in the database's form. */
  readonly id: DriverValue
  /** The rows that it is tied to, or not any more, as app code or a body gives them. */
  readonly ids: readonly unknown[]
  /** Values of the pair's own fields, for pairs that are made. */
  readonly values?: Values
}

/** Ties a row to others; to those that it is tied to already nothing happens. @throws {ApiError} `not_found`, `validation_failed` */
export function addPairs(ctx: QueryScope, relation: PairRelation, parts: TieParts): Promise<void> {
  return changing(ctx, relation, parts, async (tx, pairs, wanted) => {
    await makePairs(tx, relation, { ...parts, wanted: wanted.filter((id) => !pairs.has(String(id))) })
  })
}

/** Ties a row to just these. @throws {ApiError} `not_found`, `validation_failed` */
export function setPairs(ctx: QueryScope, relation: PairRelation, parts: TieParts): Promise<void> {
  return changing(ctx, relation, parts, async (tx, pairs, wanted) => {
    const kept = new Set(wanted.map(String))
    await dropPairs(
      tx,
      relation.through,
      [...pairs].filter(([to]) => !kept.has(to)).map(([, pair]) => pair),
    )
    await makePairs(tx, relation, { ...parts, wanted: wanted.filter((id) => !pairs.has(String(id))) })
  })
}

/** Unties a row from others; those that it is not tied to are passed over. @throws {ApiError} `not_found` */
export async function removePairs(ctx: QueryScope, relation: PairRelation, parts: TieParts): Promise<void> {
  const gone = new Set(parsedIds(ctx, relation, parts.ids).map(String))
  await changing(ctx, relation, { ...parts, ids: [] }, (tx, pairs) =>
    dropPairs(
      tx,
      relation.through,
      [...pairs].filter(([to]) => gone.has(to)).map(([, pair]) => pair),
    ),
  )
}

/** Unties a row from all. @throws {ApiError} `not_found` */
export function clearPairs(ctx: QueryScope, relation: PairRelation, id: DriverValue): Promise<void> {
  return changing(ctx, relation, { id, ids: [] }, (tx, pairs) => dropPairs(tx, relation.through, [...pairs.values()]))
}

/** The ids of pairs, by the id of the row that each leads on to. */
type Pairs = ReadonlyMap<string, DriverValue>

/**
 * Changes the pairs of a row in one transaction. The row is held meanwhile, so that of two who add the same pair one
 * finds it made.
 */
async function changing(
  ctx: QueryScope,
  relation: PairRelation,
  { id, ids }: TieParts,
  change: (tx: QueryScope, pairs: Pairs, wanted: readonly DriverValue[]) => Promise<void>,
): Promise<void> {
  const { model, through, here, onward } = relation
  const wanted = parsedIds(ctx, relation, ids)
  return atomically(ctx, async (tx) => {
    const own = { key: 'id', values: [id], columns: ['id'], deleted: 'without', lock: 'wait' } as const
    if ((await selectByKey(tx, model, own)).length === 0) throw new ApiError('not_found')
    await assertThere(tx, relation, wanted)
    const held = { key: here.name, values: [id], columns: [onward.name, 'id'], deleted: 'without' } as const
    const rows = await selectByKey(tx, through, held)
    await change(tx, new Map(rows.map(([to, pair = null]) => [String(to), pair])), wanted)
  })
}

/** Each once, in the database's form. @throws {ApiError} `validation_failed` if one cannot be an id */
function parsedIds({ store }: QueryScope, { name, onward }: PairRelation, ids: readonly unknown[]): DriverValue[] {
  const { kind } = onward
  const parsed = new Map<string, DriverValue>()
  for (const id of ids) {
    const value: unknown = kind.parse(id)
    if (value instanceof Problem) throw validationError({ [name]: value.messages })
    parsed.set(String(value), kind.encode(value, store.database.dialect))
  }
  return [...parsed.values()]
}

async function assertThere(
  ctx: QueryScope,
  { name, onward }: PairRelation,
  ids: readonly DriverValue[],
): Promise<void> {
  if (ids.length === 0) return
  const found = await existingIds(ctx, onward, ids)
  const missing = ids.filter((id) => !found.has(String(id)))
  if (missing.length > 0) throw validationError({ [name]: missing.map(missingRow) })
}

async function makePairs(
  ctx: QueryScope,
  { through, here, onward }: PairRelation,
  { id, wanted, values = {} }: TieParts & { readonly wanted: readonly DriverValue[] },
): Promise<void> {
  const { dialect } = ctx.store.database
  const rows = wanted.map((to) => ({
    ...values,
    [here.name]: id === null ? null : here.kind.decode(id, dialect),
    [onward.name]: to === null ? null : onward.kind.decode(to, dialect),
  }))
  await insertRows(ctx, through, { rows, returning: ['id'] })
}

async function dropPairs(ctx: QueryScope, through: AnyModel, pairs: readonly DriverValue[]): Promise<void> {
  if (pairs.length > 0) await deletePlanned(ctx, through, pairs)
}
