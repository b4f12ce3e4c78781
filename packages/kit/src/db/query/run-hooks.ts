import type { RowObject } from '../codec/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { type AnyModel, columnNamed } from '../models/index.ts'
import type { Values } from './clean-values.ts'
import type { CommittedChange } from './hook-set.ts'
import type { QueryScope } from './query-scope.ts'
import { rowObjects } from './read-query.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import type { DeletedRows } from './select-spec.ts'

/** Whether anything is to be done along with a kind of change of a model. Without hooks a write does nothing more. */
export const hasHooks = ({ store }: QueryScope, model: AnyModel, kind: CommittedChange['kind']): boolean =>
  store.hooks.of(model, kind).length > 0

export interface HookedRow {
  readonly id: DriverValue
  readonly row: RowObject
}

/** Rows as hooks see them, in the order of their ids and held until the transaction ends; those that are not there are left out. */
export async function rowsForHooks(
  ctx: QueryScope,
  model: AnyModel,
  { ids, deleted }: { readonly ids: readonly DriverValue[]; readonly deleted: DeletedRows },
): Promise<HookedRow[]> {
  const spec = { ...plainSpec(model), deleted, lock: 'wait' } as const
  const at = spec.columns.indexOf('id')
  const byId = new Map<string, RowObject>()
  for (const values of chunksOf(ids)) {
    const raw = await selectRows(ctx, { ...spec, conditions: [oneOf(ctx, model, { key: 'id', values })] })
    const rows = rowObjects(ctx, spec, raw)
    raw.forEach((row, place) => {
      byId.set(String(row[at]), rows[place] ?? {})
    })
  }
  return ids.flatMap((id) => {
    const row = byId.get(String(id))
    return row ? [{ id, row }] : []
  })
}

/** The values of a new row, after every hook has seen them. */
export async function beforeCreate(ctx: QueryScope, model: AnyModel, values: Values): Promise<Values> {
  let current = values
  for (const { beforeCreate: run } of ctx.store.hooks.of(model, 'create')) {
    current = (await run?.(ctx.inHook(model.label), { values: current })) ?? current
  }
  return current
}

/** The values that change a row, after every hook has seen them. */
export async function beforeUpdate(
  ctx: QueryScope,
  model: AnyModel,
  { before, values }: { readonly before: RowObject; readonly values: Values },
): Promise<Values> {
  let current = values
  for (const { beforeUpdate: run } of ctx.store.hooks.of(model, 'update')) {
    current = (await run?.(ctx.inHook(model.label), { before, values: current })) ?? current
  }
  return current
}

/** Tells the hooks of rows that are about to go or to come back. */
export async function beforeMove(
  ctx: QueryScope,
  model: AnyModel,
  { kind, rows }: { readonly kind: 'delete' | 'restore'; readonly rows: readonly RowObject[] },
): Promise<void> {
  for (const hook of ctx.store.hooks.of(model, kind)) {
    const run = kind === 'delete' ? hook.beforeDelete : hook.beforeRestore
    if (run) for (const row of rows) await run(ctx.inHook(model.label), { row })
  }
}

/** Tells the hooks of a change that is done, and those that wait for the commit. */
export async function afterChange(ctx: QueryScope, model: AnyModel, change: CommittedChange): Promise<void> {
  const { kind, before, after } = change
  for (const hook of ctx.store.hooks.of(model, kind)) {
    const inner = ctx.inHook(model.label)
    if (kind === 'create' && after) await hook.afterCreate?.(inner, { row: after })
    else if (kind === 'update' && before && after) await hook.afterUpdate?.(inner, { before, after })
    else if (kind === 'delete' && before) await hook.afterDelete?.(inner, { row: before })
    else if (kind === 'restore' && after) await hook.afterRestore?.(inner, { row: after })
    const { onCommit } = hook
    if (onCommit) await ctx.afterCommit(async (outside) => onCommit(outside, change))
  }
}

/** A row in the form of the driver, from which the wanted columns are taken. */
export function columnsOfRow(model: AnyModel, raw: readonly RawValue[], wanted: readonly string[]): RawValue[] {
  const columns = plainSpec(model).columns
  return wanted.map((name) => raw[columns.indexOf(columnNamed(model, name).name)] ?? null)
}

/** Rows of several models that go or come back as one: `done` tells their hooks that they have. */
export interface WatchedMoves {
  done(): Promise<void>
}

const UNWATCHED: WatchedMoves = { done: async () => {} }

/** Tells the hooks of rows that are about to go or come back, before any of them does. */
export async function watchMoves(
  ctx: QueryScope,
  kind: 'delete' | 'restore',
  moving: ReadonlyMap<AnyModel, readonly DriverValue[]>,
): Promise<WatchedMoves> {
  const hooked = [...moving].filter(([model, ids]) => ids.length > 0 && hasHooks(ctx, model, kind))
  if (hooked.length === 0) return UNWATCHED
  const deleted = kind === 'delete' ? 'with' : 'only'
  const seen: {
    readonly model: AnyModel
    readonly ids: readonly DriverValue[]
    readonly rows: readonly RowObject[]
  }[] = []
  for (const [model, ids] of hooked) {
    const found = await rowsForHooks(ctx, model, { ids, deleted })
    seen.push({ model, ids: found.map(({ id }) => id), rows: found.map(({ row }) => row) })
  }
  for (const { model, rows } of seen) await beforeMove(ctx, model, { kind, rows })
  return {
    done: async () => {
      for (const { model, ids, rows } of seen) {
        const back = kind === 'restore' ? await rowsForHooks(ctx, model, { ids, deleted: 'without' }) : []
        for (const [at, before] of rows.entries()) {
          await afterChange(ctx, model, { kind, before, after: back[at]?.row ?? null })
        }
      }
    },
  }
}
