import { ApiError } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import { type AnyModel, columnNamed } from '../models/index.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import type { QueryScope } from './query-scope.ts'
import { oneOf, plainSpec, selectRows } from './select-rows.ts'
import type { RowLock } from './select-spec.ts'

export interface ExpectedVersion {
  /** The version that the row must still have. */
  readonly version?: number | undefined
}

/** The condition that a row has that version. @throws {TypeError} if the model counts none, or it cannot be a version */
export function versionIs(ctx: QueryScope, model: AnyModel, version: number): Condition {
  if (!model.hasVersion) throw new TypeError(`${model.label} counts no versions: declare it with version: true`)
  const { kind } = columnNamed(model, 'version')
  const parsed: unknown = kind.parse(version)
  if (parsed instanceof Problem) throw new TypeError(`Cannot expect version ${version}: ${parsed.messages.join(' ')}`)
  const path = resolvePath(ctx.store.registry, model, 'version')
  const value = kind.encode(parsed, ctx.store.database.dialect)
  return { path, operator: 'exact', values: [value], foldsUnicode: false }
}

/**
 * Holds a row until the transaction ends, and refuses if it is not of the expected version any more.
 *
 * @throws {ApiError} `not_found` or `precondition_failed`
 */
export async function assertVersion(
  ctx: QueryScope,
  model: AnyModel,
  { id, version }: { readonly id: DriverValue } & ExpectedVersion,
): Promise<void> {
  if (version === undefined) return
  const expected = versionIs(ctx, model, version)
  const isRow = oneOf(ctx, model, { key: 'id', values: [id] })
  const find = (conditions: readonly Condition[], lock?: RowLock): Promise<unknown[]> =>
    selectRows(ctx, { ...plainSpec(model), columns: ['id'], conditions, lock })
  // The row is locked as it is now, whatever its version: a version read before the lock could be an old one.
  if ((await find([isRow], 'wait')).length === 0) throw new ApiError('not_found')
  if ((await find([isRow, expected])).length === 0) throw new ApiError('precondition_failed')
}
