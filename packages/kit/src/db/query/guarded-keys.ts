import { ApiError } from '../../base/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, foreignKeys, genericKeys, type Registry } from '../models/index.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'

/** A key that must not point to a row in the bin. */
interface GuardedKey {
  readonly column: Column
  /** The column that names the model pointed to, of a generic reference. */
  readonly typeColumn: Column | null
}

/** The keys of a model that must not point to a row in the bin. */
function guardedKeys(registry: Registry, model: AnyModel): GuardedKey[] {
  const single = foreignKeys(model).filter((column) => {
    const isFree = isForeignKey(column.kind) && column.kind.onDelete === 'do nothing'
    return !isFree && registry.target(column).hasSoftDelete
  })
  const generic = genericKeys(model).filter(({ reference }) => reference.onDelete !== 'do nothing')
  return [
    ...single.map((column) => ({ column, typeColumn: null })),
    ...generic.map(({ idColumn, typeColumn }) => ({ column: idColumn, typeColumn })),
  ]
}

/** The columns that say where guarded keys point to. */
export const guardedColumns = (registry: Registry, model: AnyModel): string[] =>
  guardedKeys(registry, model).flatMap(({ column, typeColumn }) => [
    column.name,
    ...(typeColumn ? [typeColumn.name] : []),
  ])

/** The rows of a model that are to come back, by what their guarded columns hold. */
export interface ComingBack {
  readonly rows: readonly (readonly RawValue[])[]
  /** Whether a row comes back along with them. */
  readonly returns: (target: AnyModel, id: string) => boolean
}

/**
 * Holds the rows that rows coming back point to, so that none goes meanwhile.
 *
 * @throws {ApiError} `conflict` if one of them is in the bin and stays there
 */
export async function assertHeld(ctx: QueryScope, model: AnyModel, { rows, returns }: ComingBack): Promise<void> {
  const { registry } = ctx.store
  const places = new Map(guardedColumns(registry, model).map((name, at) => [name, at]))
  const held = (row: readonly RawValue[], column: Column): RawValue => row[places.get(column.name) ?? -1] ?? null
  for (const { column, typeColumn } of guardedKeys(registry, model)) {
    const targetOf = (row: readonly RawValue[]): AnyModel | undefined =>
      typeColumn ? registry.find(String(held(row, typeColumn))) : registry.target(column)
    for (const [target, pointing] of Map.groupBy(rows, targetOf)) {
      if (!target?.hasSoftDelete) continue
      const ids = pointing.map((row) => held(row, column)).filter((id) => id !== null && !returns(target, String(id)))
      await assertAlive(ctx, model, { column, target, ids: new Map(ids.map((id) => [String(id), id])) })
    }
  }
}

interface Pointed {
  readonly column: Column
  readonly target: AnyModel
  readonly ids: ReadonlyMap<string, DriverValue>
}

async function assertAlive(ctx: QueryScope, model: AnyModel, { column, target, ids }: Pointed): Promise<void> {
  if (ids.size === 0) return
  const parts = { key: 'id', columns: ['id'], deleted: 'without', lock: 'share' } as const
  const alive = await selectByKey(ctx, target, { ...parts, values: [...ids.values()] })
  if (alive.length < ids.size) throw stillDeleted(model, column, target)
}

function stillDeleted(model: AnyModel, column: Column, target: AnyModel): ApiError {
  const message = `Cannot restore this ${model.verboseName}: the ${target.verboseName} that it points to is deleted. Restore that first.`
  return new ApiError('conflict', { message, errors: { [column.name]: [message] } })
}
