import { ApiError, validationError } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import type { Column } from '../models/index.ts'
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
    await makePairs(tx, relation, { ...parts, pairs, wanted })
  })
}

/** Ties a row to just these. @throws {ApiError} `not_found`, `validation_failed` */
export function setPairs(ctx: QueryScope, relation: PairRelation, parts: TieParts): Promise<void> {
  return changing(ctx, relation, parts, async (tx, pairs, wanted) => {
    const kept = new Set(wanted.map(String))
    await dropPairs(tx, relation, { pairs, goes: (to) => !kept.has(to) })
    await makePairs(tx, relation, { ...parts, pairs, wanted })
  })
}

/** Unties a row from others; those that it is not tied to are passed over. @throws {ApiError} `not_found` */
export async function removePairs(ctx: QueryScope, relation: PairRelation, parts: TieParts): Promise<void> {
  const gone = new Set(parsedIds(ctx, relation, parts.ids).map(String))
  await changing(ctx, relation, { ...parts, ids: [] }, (tx, pairs) =>
    dropPairs(tx, relation, { pairs, goes: (to) => gone.has(to) }),
  )
}

/** Unties a row from all. @throws {ApiError} `not_found` */
export function clearPairs(ctx: QueryScope, relation: PairRelation, id: DriverValue): Promise<void> {
  return changing(ctx, relation, { id, ids: [] }, (tx, pairs) => dropPairs(tx, relation, { pairs, goes: () => true }))
}

/** The ids of the pairs of a row, by the id of the other row. */
interface Pairs {
  readonly forth: ReadonlyMap<string, DriverValue>
  /** Those the other way round, of a relation that holds both ways. */
  readonly back: ReadonlyMap<string, DriverValue>
}

/**
 * Changes the pairs of a row in one transaction. The row is held meanwhile, so that of two who add the same pair one
 * finds it made; where a relation holds both ways, so are the rows that it is tied to, which may be doing the same.
 */
async function changing(
  ctx: QueryScope,
  relation: PairRelation,
  { id, ids }: TieParts,
  change: (tx: QueryScope, pairs: Pairs, wanted: readonly DriverValue[]) => Promise<void>,
): Promise<void> {
  const { model, here, onward, isSymmetrical } = relation
  const wanted = parsedIds(ctx, relation, ids)
  const values = isSymmetrical ? inOrder([id, ...wanted]) : [id]
  return atomically(ctx, async (tx) => {
    const parts = { key: 'id', values, columns: ['id'], deleted: 'without', lock: 'wait' } as const
    const held = await selectByKey(tx, model, parts)
    if (!held.some(([found]) => String(found) === String(id))) throw new ApiError('not_found')
    await assertThere(tx, relation, wanted)
    const forth = await pairsOf(tx, relation, { id, from: here, to: onward })
    const back = isSymmetrical ? await pairsOf(tx, relation, { id, from: onward, to: here }) : new Map()
    await change(tx, { forth, back }, wanted)
  })
}

const inOrder = (ids: readonly DriverValue[]): DriverValue[] =>
  ids.toSorted((one, other) => (String(one) < String(other) ? -1 : 1))

async function pairsOf(
  ctx: QueryScope,
  { through }: PairRelation,
  { id, from, to }: { readonly id: DriverValue; readonly from: Column; readonly to: Column },
): Promise<Map<string, DriverValue>> {
  const parts = { key: from.name, values: [id], columns: [to.name, 'id'], deleted: 'without' } as const
  const rows = await selectByKey(ctx, through, parts)
  return new Map(rows.map(([other, pair = null]) => [String(other), pair]))
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
  { through, here, onward, isSymmetrical }: PairRelation,
  { id, wanted, pairs, values = {} }: TieParts & { readonly pairs: Pairs; readonly wanted: readonly DriverValue[] },
): Promise<void> {
  const { dialect } = ctx.store.database
  const idIn = ({ kind }: Column, raw: DriverValue) => (raw === null ? null : kind.decode(raw, dialect))
  const pair = (from: DriverValue, to: DriverValue) => ({
    ...values,
    [here.name]: idIn(here, from),
    [onward.name]: idIn(onward, to),
  })
  const forth = wanted.filter((to) => !pairs.forth.has(String(to))).map((to) => pair(id, to))
  const others = isSymmetrical ? wanted.filter((to) => String(to) !== String(id)) : []
  const back = others.filter((to) => !pairs.back.has(String(to))).map((to) => pair(to, id))
  await insertRows(ctx, through, { rows: [...forth, ...back], returning: ['id'] })
}

async function dropPairs(
  ctx: QueryScope,
  { through }: PairRelation,
  { pairs, goes }: { readonly pairs: Pairs; readonly goes: (to: string) => boolean },
): Promise<void> {
  const going = [...pairs.forth, ...pairs.back].filter(([to]) => goes(to))
  // A row that is tied to itself has one pair, which is found both ways.
  const ids = new Map(going.map(([, pair]) => [String(pair), pair]))
  if (ids.size > 0) await deletePlanned(ctx, through, inOrder([...ids.values()]))
}
