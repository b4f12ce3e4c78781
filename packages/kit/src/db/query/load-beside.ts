import type { RowObject } from '../codec/index.ts'
import { loadRelated } from './load-related.ts'
import type { QuerySource } from './query-source.ts'
import type { ShapeSpec } from './shape-spec.ts'

/** Loads along what a query names, into what its shape has given: only whole rows have others in them. */
export async function loadBeside(
  { ctx, model, state }: QuerySource,
  { base }: ShapeSpec,
  rows: readonly RowObject[],
): Promise<void> {
  if (base.columns.length > 0 && state.loaded.length > 0) await loadRelated(ctx, { model, rows, loading: state })
}
