import { validationError } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { type AnyModel, type Column, columnNamed, foreignKeys, genericKeys } from '../models/index.ts'
import { atomically } from './atomically.ts'
import type { Cleaned } from './clean-values.ts'
import { genericKeyErrors } from './generic-key-check.ts'
import { missingRow } from './missing-row.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'

/**
 * Refuses foreign keys that point to nothing the business can see: an id of another business, of a deleted row and one
 * that never was get the same words. Within a transaction the rows pointed to are held until it ends, so that none goes
 * to the bin meanwhile; see `holdingTargets`.
 *
 * @throws {ApiError} `validation_failed`
 */
export async function checkForeignKeys(ctx: QueryScope, model: AnyModel, rows: readonly Cleaned[]): Promise<void> {
  const errors: Record<string, readonly string[]> = {}
  for (const column of foreignKeys(model)) {
    const wanted = new Set(rows.map((row) => row.get(column)).filter((id) => id !== undefined && id !== null))
    if (wanted.size === 0) continue
    const made = ctx.store.registry.target(column) === model ? namedIds(model, rows) : new Set<string>()
    const asked = [...wanted].filter((id) => !made.has(String(id)))
    const found = new Set([...made, ...(await existing(ctx, column, asked))])
    rows.forEach((row, at) => {
      const id = row.get(column)
      if (id === undefined || id === null || found.has(String(id))) return
      errors[rows.length === 1 ? column.name : `${at}.${column.name}`] = [missingRow(id)]
    })
  }
  Object.assign(errors, await genericKeyErrors(ctx, model, rows))
  if (Object.keys(errors).length > 0) throw validationError(errors)
}

/** The ids that new rows bring along: rows of one model may point to each other as they are made. */
function namedIds(model: AnyModel, rows: readonly Cleaned[]): Set<string> {
  const column = columnNamed(model, 'id')
  return new Set(rows.flatMap((row) => (row.has(column) ? [String(row.get(column))] : [])))
}

/**
 * Runs a write in a transaction if it sets keys to rows that may go to the bin: the database itself does not know that
 * such a row is gone, so it has to be held between the check and the write.
 */
export function holdingTargets<Result>(
  ctx: QueryScope,
  model: AnyModel,
  { sets, write }: { readonly sets: (column: Column) => boolean; readonly write: (ctx: QueryScope) => Promise<Result> },
): Promise<Result> {
  if (ctx.isInTransaction) return write(ctx)
  const { registry } = ctx.store
  const isHeld = foreignKeys(model).some((column) => registry.target(column).hasSoftDelete && sets(column))
  const isGeneric = genericKeys(model).some(({ idColumn }) => sets(idColumn))
  return isHeld || isGeneric ? atomically(ctx, write) : write(ctx)
}

/** Whether a key's value leads to a row that is there. */
export async function findsRow(ctx: QueryScope, column: Column, id: unknown): Promise<boolean> {
  return (await existing(ctx, column, [id])).size > 0
}

function existing(ctx: QueryScope, column: Column, ids: readonly unknown[]): Promise<Set<string>> {
  const { dialect } = ctx.store.database
  return existingIds(
    ctx,
    column,
    ids.map((id): DriverValue => column.kind.encode(id, dialect)),
  )
}

/** Those of the ids, in the database's form, that lead to a row which is there; within a transaction it is held. */
export async function existingIds(
  ctx: QueryScope,
  column: Column,
  values: readonly DriverValue[],
): Promise<Set<string>> {
  const target = ctx.store.registry.target(column)
  const lock = ctx.isInTransaction && target.hasSoftDelete ? ({ lock: 'share' } as const) : {}
  const rows = await selectByKey(ctx, target, { key: 'id', values, columns: ['id'], deleted: 'without', ...lock })
  return new Set(rows.map((row) => String(row[0])))
}
