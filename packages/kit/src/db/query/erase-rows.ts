import { sql } from 'kysely'
import type { DriverValue } from '../dialects/index.ts'
import { type AnyModel, type Column, foreignKeys } from '../models/index.ts'
import type { Ids } from './delete-plan.ts'
import { padded } from './padded.ts'
import type { QueryScope } from './query-scope.ts'
import { runWrite } from './refusal.ts'
import { chunksOf, selectByKey } from './select-rows.ts'
import { setAside } from './set-aside.ts'
import { Slot } from './slot.ts'
import { writeRows } from './update-rows.ts'

/**
 * Removes rows of several models for good, those that point before those that they point to. Keys that point in a circle
 * are emptied first.
 */
export async function eraseAll(ctx: QueryScope, erased: ReadonlyMap<AnyModel, Ids>): Promise<void> {
  const left = new Map([...erased].map(([model, ids]) => [model, [...ids.values()]]))
  while (left.size > 0) {
    const model =
      [...left.keys()].find((candidate) => !isPointedTo(ctx, candidate, left)) ?? (await cutCircle(ctx, left))
    for (const ids of await childrenFirst(ctx, model, left.get(model) ?? [])) await eraseRows(ctx, model, ids)
    left.delete(model)
  }
}

type Left = ReadonlyMap<AnyModel, readonly DriverValue[]>

const keysBetween = (ctx: QueryScope, from: AnyModel, to: AnyModel): Column[] =>
  foreignKeys(from).filter((column) => ctx.store.registry.target(column) === to)

function isPointedTo(ctx: QueryScope, model: AnyModel, left: Left): boolean {
  return [...left.keys()].some((other) => other !== model && keysBetween(ctx, other, model).length > 0)
}

/**
 * Chooses the model to begin with where each is pointed to by another, and empties the keys that point to it. Rows whose
 * keys in a circle may not be empty cannot have been made.
 */
async function cutCircle(ctx: QueryScope, left: Left): Promise<AnyModel> {
  const pointers = (model: AnyModel): [AnyModel, Column][] =>
    [...left.keys()]
      .filter((other) => other !== model)
      .flatMap((other) => keysBetween(ctx, other, model).map((key): [AnyModel, Column] => [other, key]))
  const models = [...left.keys()]
  const isCuttable = (model: AnyModel): boolean => pointers(model).every(([, key]) => key.settings.nullable)
  const chosen = models.find(isCuttable) ?? models[0]
  if (!chosen) throw new TypeError('There is nothing left to erase')
  for (const [model, key] of pointers(chosen)) await emptyKey(ctx, model, { key, ids: left.get(model) ?? [] })
  return chosen
}

async function emptyKey(
  ctx: QueryScope,
  model: AnyModel,
  { key, ids }: { readonly key: Column; readonly ids: readonly DriverValue[] },
): Promise<void> {
  if (!key.settings.nullable) return
  await writeRows(ctx, model, { set: new Map([[key, null]]), key: 'id', ids, deleted: 'with' })
}

/** The rows of a model in groups, each of which may go once those before it are gone. */
async function childrenFirst(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<DriverValue[][]> {
  const own = keysBetween(ctx, model, model)
  const isMysql = ctx.store.database.dialect === 'mysql'
  if (own.length === 0 || (ids.length < 2 && !isMysql)) return [[...ids]]
  for (const key of own) await emptyKey(ctx, model, { key, ids })
  const fixed = own.filter(({ settings }) => !settings.nullable)
  if (fixed.length === 0) return [[...ids]]
  const columns = ['id', ...fixed.map(({ name }) => name)]
  const rows = await selectByKey(ctx, model, { key: 'id', values: ids, columns, deleted: 'with' })
  const parents = new Map(
    rows.map(([id, ...keys]) => [String(id), keys.map(String).filter((key) => key !== String(id))]),
  )
  const groups = groupedByDepth(ids, parents)
  const ordered = new Set(groups.flat().map(String))
  // Rows in a circle, and those that it points to: one statement takes them together.
  const circling = ids.filter((id) => !ordered.has(String(id)))
  if (isMysql) {
    const toThemselves = rows.filter(([id, ...keys]) => keys.some((key) => String(key) === String(id)))
    const stuck = [...circling, ...toThemselves.map(([id = null]) => id)]
    for (const key of stuck.length === 0 ? [] : fixed) await setAside(ctx, model, { key, ids: stuck })
  }
  return circling.length === 0 ? groups : [...groups, circling]
}

/** The depths of a forest, the leaves first. Rows in a circle, and those that they point to, are in none. */
function groupedByDepth(ids: readonly DriverValue[], parents: ReadonlyMap<string, readonly string[]>): DriverValue[][] {
  const pointing = new Map<string, number>()
  for (const keys of parents.values()) for (const key of keys) pointing.set(key, (pointing.get(key) ?? 0) + 1)
  const groups: DriverValue[][] = []
  let free = ids.filter((id) => !pointing.get(String(id)))
  while (free.length > 0) {
    groups.push(free)
    const next: DriverValue[] = []
    for (const id of free) {
      for (const key of parents.get(String(id)) ?? []) {
        const count = (pointing.get(key) ?? 0) - 1
        pointing.set(key, count)
        if (count === 0 && parents.has(key)) next.push(key)
      }
    }
    free = next
  }
  return groups
}

async function eraseRows(ctx: QueryScope, model: AnyModel, ids: readonly DriverValue[]): Promise<void> {
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
    await runWrite(model, () => ctx.executor.execute(plan.statement, bound))
  }
}
