import type { FastifyRequest } from 'fastify'
import { ApiError } from '../base/index.ts'
import {
  type Comparison,
  type Condition,
  type Context,
  columnNamed,
  type DriverValue,
  filterConditions,
  Problem,
  type RawValue,
  type RowObject,
  readRow,
  resolvePath,
  rowMembers,
  type SelectSpec,
  type Store,
  selectRows,
} from '../db/index.ts'
import type { ModelOutput } from './model-output.ts'
import type { HookCall, ViewSet, WriteCall } from './viewset.ts'

export const hookCall = (request: FastifyRequest): HookCall => ({ ctx: request.ctx, principal: request.principal })
export const writeCall = (request: FastifyRequest): WriteCall => ({ ...hookCall(request), request })

/** The conditions that the viewset puts on every action. */
export function scopeConditions(store: Store, { model, options }: ViewSet, call: HookCall): readonly Condition[] {
  if (!options.filterRows) return []
  try {
    return filterConditions(store, model, [options.filterRows(call)])
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // The values are the viewset's own: that they cannot be is no fault of the client.
    throw new TypeError(`filterRows of ${model.label}: ${JSON.stringify(error.errors)}`, { cause: error })
  }
}

/** The id in the address, in the database's form. @throws {ApiError} `not_found` if it cannot be an id: no such row is */
export function idOf(store: Store, { model, options }: ViewSet, request: FastifyRequest): DriverValue {
  const { id } = request.params as { readonly id: string } // as: the route has this part
  const { kind } = columnNamed(model, options.lookup ?? 'id')
  const parsed: unknown = kind.parseText(id)
  if (parsed instanceof Problem) throw new ApiError('not_found')
  return kind.encode(parsed, store.database.dialect)
}

/** The condition that a row has that id, or that value of the field by which rows are looked up. */
export function hasId(store: Store, { model, options: { lookup = 'id' } }: ViewSet, id: DriverValue): Comparison {
  const path = store.derived(`${lookup} of ${model.label}`, () => resolvePath(store.registry, model, lookup))
  return { path, operator: 'exact', values: [id], foldsUnicode: false }
}

export interface OneRow {
  readonly id: DriverValue
  readonly conditions: readonly Condition[]
  readonly deleted?: SelectSpec['deleted']
}

/** One row for an output, as the driver gives it. @throws {ApiError} `not_found` */
export async function rowFor(
  ctx: Context,
  set: ViewSet,
  {
    id,
    conditions,
    deleted = 'without',
    output,
  }: OneRow & { readonly output: Pick<ModelOutput, 'columns' | 'expansions'> },
): Promise<RawValue[]> {
  const { columns, expansions } = output
  const all = [hasId(ctx.store, set, id), ...conditions]
  const spec = { ...set.plain, columns, expansions, conditions: all, deleted }
  // An output lives as long as the server: a row that is looked for by its id alone is found by a plan that is ready.
  const [row] = await selectRows(ctx, spec, conditions.length === 0 && deleted === 'without' ? output : undefined)
  if (!row) throw new ApiError('not_found')
  return row
}

/** One row as an object, for hooks, actions and permissions that look at it. @throws {ApiError} `not_found` */
export async function objectFor(ctx: Context, set: ViewSet, one: OneRow): Promise<RowObject> {
  const spec = set.plain
  const row = await rowFor(ctx, set, { ...one, output: spec })
  return readRow(row, rowMembers(ctx.store.registry, spec), ctx.store.database.dialect)
}
