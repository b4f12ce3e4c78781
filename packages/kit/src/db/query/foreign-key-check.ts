import { validationError } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { type AnyModel, type Column, foreignKeys } from '../models/index.ts'
import type { Cleaned } from './clean-values.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'

/**
 * Refuses foreign keys that point to nothing the business can see: an id of another business, of a deleted row and one
 * that never was get the same words.
 *
 * @throws {ApiError} `validation_failed`
 */
export async function checkForeignKeys(ctx: QueryScope, model: AnyModel, rows: readonly Cleaned[]): Promise<void> {
  const errors: Record<string, readonly string[]> = {}
  for (const column of foreignKeys(model)) {
    const wanted = new Set(rows.map((row) => row.get(column)).filter((id) => id !== undefined && id !== null))
    if (wanted.size === 0) continue
    const found = await existing(ctx, column, [...wanted])
    rows.forEach((row, at) => {
      const id = row.get(column)
      if (id === undefined || id === null || found.has(String(id))) return
      errors[rows.length === 1 ? column.name : `${at}.${column.name}`] = [`Invalid pk "${id}" - object does not exist.`]
    })
  }
  if (Object.keys(errors).length > 0) throw validationError(errors)
}

async function existing(ctx: QueryScope, column: Column, ids: readonly unknown[]): Promise<Set<string>> {
  const { registry, database } = ctx.store
  const values = ids.map((id): DriverValue => column.kind.encode(id, database.dialect))
  const parts = { key: 'id', values, columns: ['id'], deleted: 'without' } as const
  const rows = await selectByKey(ctx, registry.target(column), parts)
  return new Set(rows.map((row) => String(row[0])))
}
