import { newId } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import type { AnyModel, Column } from '../models/index.ts'
import type { QueryScope } from './query-scope.ts'
import { writeRows } from './update-rows.ts'

/**
 * Points keys that may not be empty away from all rows, for rows that are about to be erased. MySQL and MariaDB look at
 * foreign keys row by row, and so refuse to erase a row that points to itself, or rows in a circle. The keys are not
 * looked at for this one change; the erasing itself is held by all of them.
 */
export async function setAside(
  ctx: QueryScope,
  model: AnyModel,
  { key, ids }: { readonly key: Column; readonly ids: readonly DriverValue[] },
): Promise<void> {
  const isUnique = model.unique.some(({ fields }) => fields.includes(key.name))
  const nowhere = (at: number): unknown => (model.idKind === 'uuid' ? newId() : BigInt(-1 - at))
  await ctx.executor.execute({ sql: 'set foreign_key_checks = 0' }, [])
  try {
    for (const [at, some] of (isUnique ? ids.map((id) => [id]) : [ids]).entries()) {
      await writeRows(ctx, model, { set: new Map([[key, nowhere(at)]]), key: 'id', ids: some, deleted: 'with' })
    }
  } finally {
    await ctx.executor.execute({ sql: 'set foreign_key_checks = 1' }, [])
  }
}
