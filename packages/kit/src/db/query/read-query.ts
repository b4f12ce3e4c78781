import { type RowObject, readRow } from '../codec/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { loadRelated } from './load-related.ts'
import type { QueryScope } from './query-scope.ts'
import { type QuerySource, specOf } from './query-source.ts'
import { rowMembers } from './row-members.ts'
import { selectRows } from './select-rows.ts'
import { type SelectSpec, shapeOfSpec, valuesOfSpec, type Window } from './select-spec.ts'
import { countStatement } from './select-statement.ts'

/** Reads the rows of a query as objects, in order. */
export async function readQuery(source: QuerySource, window: Window | null = null): Promise<RowObject[]> {
  const spec = { ...specOf(source), window }
  return wholeRows(source, spec, await selectRows(source.ctx, spec))
}

/** The driver's rows of a query as objects, with the rows that it loads along. */
export async function wholeRows(
  source: QuerySource,
  spec: SelectSpec,
  raw: readonly RawValue[][],
): Promise<RowObject[]> {
  const { ctx, model, state } = source
  const rows = rowObjects(ctx, spec, raw)
  if (state.loaded.length > 0) await loadRelated(ctx, { model, rows, loading: state })
  return rows
}

export interface PageParts {
  readonly number: number
  readonly size: number
}

/**
 * Reads a page of rows, and the count of all in the same statement.
 *
 * @throws {RangeError} if the number or the size is not a whole number from 1 up
 */
export async function readPage(
  source: QuerySource,
  { number, size }: PageParts,
): Promise<{ readonly rows: RowObject[]; readonly count: number }> {
  assertPage('page', number)
  assertPage('size', size)
  if (source.state.lock) throw new TypeError('page() counts rows, which forUpdate() cannot hold: take all() or first()')
  const spec = { ...specOf(source), window: { limit: size, offset: (number - 1) * size }, hasCount: true }
  const raw = await selectRows(source.ctx, spec)
  const count = raw[0] ? Number(raw[0][0]) : number === 1 ? 0 : await countQuery(source)
  return { rows: await wholeRows(source, spec, raw), count }
}

export async function countQuery(source: QuerySource): Promise<number> {
  const { store, executor, reach, business } = source.ctx
  const spec = { ...specOf(source), order: [], expansions: [] }
  const plan = store.plan(`count ${shapeOfSpec(spec)}`, reach, () => countStatement(store, spec))
  const { rows } = await executor.execute(plan.statement, plan.bind(valuesOfSpec(spec, business)))
  return Number(rows[0]?.[0])
}

export async function hasRows(source: QuerySource): Promise<boolean> {
  const spec = { ...specOf(source), columns: ['id'], expansions: [], window: { limit: 1, offset: 0 } }
  return (await selectRows(source.ctx, spec)).length > 0
}

/** The ids of the rows of a query, in the database's form and in no order. */
export async function idsOfQuery(source: QuerySource): Promise<DriverValue[]> {
  const rows = await selectRows(source.ctx, { ...specOf(source), columns: ['id'], expansions: [], order: [] })
  return rows.map((row) => row[0] ?? null)
}

/** The driver's rows of a spec as the objects that app code reads. */
export function rowObjects({ store }: QueryScope, spec: SelectSpec, raw: readonly RawValue[][]): RowObject[] {
  const members = store.derived(`members ${shapeOfSpec(spec)}`, () => rowMembers(store.registry, spec))
  return raw.map((row) => readRow(row, members, store.database.dialect))
}

export function assertPage(word: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`Cannot page: ${word} must be a whole number from 1 up, got ${value}`)
  }
}
