import type { RowObject } from '../codec/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import type { Condition } from './condition.ts'
import type { LookedPath } from './looked-path.ts'
import { type QuerySource, specOf } from './query-source.ts'
import { wholeRows } from './read-query.ts'
import { selectRows } from './select-rows.ts'
import type { SelectSpec } from './select-spec.ts'

/**
 * Reads the rows of a query in order, `size` at a time: never more than one such chunk is in memory, and between chunks
 * nothing is held open. Each chunk begins after the last row of the one before it, so rows that are made or deleted
 * meanwhile neither shift the rest nor bring a row twice.
 */
export async function* iterateRows(source: QuerySource, size: number): AsyncGenerator<RowObject, void, undefined> {
  assertChunkSize(size)
  const { ctx } = source
  const whole = specOf(source)
  const spec: SelectSpec = { ...whole, window: { limit: size, offset: 0 }, keys: whole.order.map(({ path }) => path) }
  let conditions = spec.conditions
  for (;;) {
    const raw = await selectRows(ctx, { ...spec, conditions })
    yield* await wholeRows(source, spec, raw)
    const last = raw.at(-1)
    if (raw.length < size || !last) return
    conditions = [...spec.conditions, after(spec.order, last.slice(-spec.order.length))]
  }
}

/** @throws {RangeError} if it is not a whole number from 1 up */
export function assertChunkSize(size: number): void {
  if (Number.isSafeInteger(size) && size >= 1) return
  throw new RangeError(`Cannot iterate: size must be a whole number from 1 up, got ${size}`)
}

/** What rows are sorted by while they are iterated over. */
export interface KeyTerm {
  readonly path: LookedPath
  readonly descending: boolean
}

/** The rows that come after one, by the values that it is sorted by. */
export function after(order: readonly KeyTerm[], keys: readonly RawValue[]): Condition {
  const [term, ...rest] = order
  const [raw, ...others] = keys
  if (!term) return { any: [] }
  const value: DriverValue = raw ?? null
  const isAlike = value === null ? comparison(term, 'isnull', []) : comparison(term, 'exact', [value])
  const tied = rest.length === 0 ? [] : [{ all: [isAlike, after(rest, others)] }]
  return { any: [...beyond(term, value), ...tied] }
}

/** Null sorts below every value. */
function beyond(term: KeyTerm, value: DriverValue): Condition[] {
  if (value === null) return term.descending ? [] : [comparison(term, 'isnotnull', [])]
  if (!term.descending) return [comparison(term, 'gt', [value])]
  return [comparison(term, 'lt', [value]), comparison(term, 'isnull', [])]
}

const comparison = (
  { path }: KeyTerm,
  operator: 'exact' | 'gt' | 'lt' | 'isnull' | 'isnotnull',
  values: readonly DriverValue[],
): Condition => ({ path, ...(path.view && { view: path.view }), operator, values, foldsUnicode: false })
