import type { DriverValue } from '../dialects/index.ts'
import { type AnyModel, type GenericKey, genericKeys, mayPointTo } from '../models/index.ts'
import type { Cleaned } from './clean-values.ts'
import { missingRow } from './missing-row.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'

/** What is wrong with the generic references of rows, by the name of the field; a statement for each model pointed to. */
export async function genericKeyErrors(
  ctx: QueryScope,
  model: AnyModel,
  rows: readonly Cleaned[],
): Promise<Record<string, readonly string[]>> {
  const errors: Record<string, readonly string[]> = {}
  for (const key of genericKeys(model)) {
    const { typeColumn, idColumn } = key
    const named = Map.groupBy(rows.keys(), (at) => rows[at]?.get(typeColumn))
    for (const [type, places] of named) {
      const ids = places.map((at) => rows[at]?.get(idColumn))
      const found = await foundIds(ctx, model, { key, type, ids })
      places.forEach((at, place) => {
        const said = problemOf(key, { type, id: ids[place], found })
        if (said) errors[rows.length === 1 ? said.name : `${at}.${said.name}`] = [said.message]
      })
    }
  }
  return errors
}

interface Asked {
  readonly key: GenericKey
  readonly type: unknown
  readonly ids: readonly unknown[]
}

/** The ids that are there, as texts; null if rows of that type cannot be pointed to. */
async function foundIds(ctx: QueryScope, model: AnyModel, { key, type, ids }: Asked): Promise<Set<string> | null> {
  const { registry, database } = ctx.store
  const target = typeof type === 'string' ? registry.find(type) : undefined
  if (!target || !mayPointTo(model, key, target)) return null
  const wanted = [...new Set(ids.filter((id) => id !== null && id !== undefined))]
  const values = wanted.map((id): DriverValue => key.idColumn.kind.encode(id, database.dialect))
  const lock = ctx.isInTransaction && target.hasSoftDelete ? ({ lock: 'share' } as const) : {}
  const rows = await selectByKey(ctx, target, { key: 'id', values, columns: ['id'], deleted: 'without', ...lock })
  return new Set(rows.map((row) => String(row[0])))
}

interface Given {
  readonly type: unknown
  readonly id: unknown
  readonly found: Set<string> | null
}

function problemOf({ typeColumn, idColumn }: GenericKey, { type, id, found }: Given) {
  const [hasType, hasId] = [type !== null && type !== undefined, id !== null && id !== undefined]
  if (type === undefined && id === undefined) return null
  if (hasType !== hasId || (type === undefined) !== (id === undefined)) {
    const missing = hasType ? idColumn : typeColumn
    return { name: missing.name, message: `Give ${typeColumn.name} and ${idColumn.name} together.` }
  }
  if (!hasType) return null
  if (!found) return { name: typeColumn.name, message: `"${type}" is not a valid choice.` }
  return found.has(String(id)) ? null : { name: idColumn.name, message: missingRow(id) }
}
