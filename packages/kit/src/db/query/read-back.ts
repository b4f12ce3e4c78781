import type { DriverValue, RawValue } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'
import type { QueryScope } from './query-scope.ts'
import { selectByKey } from './select-rows.ts'
import type { DeletedRows } from './select-spec.ts'

export interface ReadBackParts {
  /** The ids in the database's form. */
  readonly ids: readonly DriverValue[]
  readonly returning: readonly string[]
  readonly deleted: DeletedRows
}

/** Reads rows by their ids, in the order of the ids: for databases that do not return what was written. */
export async function readBack(
  ctx: QueryScope,
  model: AnyModel,
  { ids, returning, deleted }: ReadBackParts,
): Promise<RawValue[][]> {
  const columns = ['id', ...returning]
  const rows = await selectByKey(ctx, model, { key: 'id', values: ids, columns, deleted })
  const byId = new Map(rows.map((row) => [String(row[0]), row.slice(1)]))
  return ids.flatMap((id) => {
    const row = byId.get(String(id))
    return row ? [row] : []
  })
}
