import { ApiError } from '../../base/index.ts'
import type { RowObject } from '../codec/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import { type AnyModel, columnNamed } from '../models/index.ts'
import type { Values } from './clean-values.ts'
import type { Condition } from './condition.ts'
import { deleteRows } from './delete-rows.ts'
import type { QueryScope } from './query-scope.ts'
import type { QuerySource } from './query-source.ts'
import { hasRows, rowObjects } from './read-query.ts'
import { assertVersion, type ExpectedVersion } from './row-version.ts'
import { oneOf, plainSpec } from './select-rows.ts'
import { updateRow } from './update-rows.ts'

/**
 * Changes the row of that id among those of a query, and gives it back.
 *
 * @throws {ApiError} `not_found`, or `precondition_failed` if the row is not of the expected version any more
 */
export async function updateOne(
  source: QuerySource,
  id: unknown,
  { values, version }: ExpectedVersion & { readonly values: Values },
): Promise<RowObject> {
  const { ctx, model } = source
  const spec = plainSpec(model)
  const change = async (tx: QueryScope): Promise<RowObject> => {
    const key = await seenId({ ...source, ctx: tx }, id)
    const row = await updateRow(tx, model, { values, id: key, returning: spec.columns, version })
    if (!row) throw new ApiError('not_found')
    return rowObjects(tx, spec, [row])[0] ?? {}
  }
  return source.state.conditions.length > 0 ? ctx.transaction(change) : change(ctx)
}

/**
 * Deletes the row of that id among those of a query.
 *
 * @throws {ApiError} `not_found`, `protected`, or `precondition_failed` if the row is not of the expected version any more
 */
export async function deleteOne(source: QuerySource, id: unknown, expected: ExpectedVersion): Promise<void> {
  const { model } = source
  const remove = async (tx: QueryScope): Promise<void> => {
    const key = await seenId({ ...source, ctx: tx }, id)
    await assertVersion(tx, model, { id: key, version: expected.version })
    if ((await deleteRows(tx, model, [key])) === 0) throw new ApiError('not_found')
  }
  return source.ctx.transaction(remove)
}

/** The id in the database's form, if the query has its row. @throws {ApiError} `not_found` */
async function seenId({ ctx, model, state }: QuerySource, id: unknown): Promise<DriverValue> {
  const { kind } = columnNamed(model, 'id')
  const parsed: unknown = kind.parse(id)
  if (parsed instanceof Problem) throw new ApiError('not_found')
  const key = kind.encode(parsed, ctx.store.database.dialect)
  if (state.conditions.length === 0) return key
  const conditions = [...state.conditions, idIs(ctx, model, key)]
  if (!(await hasRows({ ctx, model, state: { ...state, conditions } }))) throw new ApiError('not_found')
  return key
}

const idIs = (ctx: QueryScope, model: AnyModel, id: DriverValue): Condition =>
  oneOf(ctx, model, { key: 'id', values: [id] })
