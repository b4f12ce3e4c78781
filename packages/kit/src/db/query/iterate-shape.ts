import type { RowObject } from '../codec/index.ts'
import { after, assertChunkSize, type KeyTerm } from './iterate-rows.ts'
import { loadBeside } from './load-beside.ts'
import type { QuerySource } from './query-source.ts'
import { readShapeChunk } from './read-shape.ts'
import type { ShapeSpec } from './shape-spec.ts'

/**
 * Reads what a shape gives of each row, `size` at a time, as `iterateRows` does with whole rows.
 *
 * @throws {TypeError} at once, if it puts rows together or is sorted by what is worked out: nothing then tells where a
 * chunk ended
 */
export function iterateShape(
  source: QuerySource,
  spec: ShapeSpec,
  size: number,
): AsyncGenerator<RowObject, void, undefined> {
  assertChunkSize(size)
  assertRowByRow(spec)
  return chunks(source, { ...spec, base: { ...spec.base, window: { limit: size, offset: 0 } } }, keyTerms(spec))
}

async function* chunks(
  source: QuerySource,
  spec: ShapeSpec,
  terms: readonly KeyTerm[],
): AsyncGenerator<RowObject, void, undefined> {
  const keyed = { ...spec, keys: terms.map(({ path }) => path) }
  let { conditions } = spec.base
  for (;;) {
    const { rows, lastKeys } = await readShapeChunk(source.ctx, { ...keyed, base: { ...keyed.base, conditions } })
    await loadBeside(source, spec, rows)
    yield* rows
    if (rows.length < (spec.base.window?.limit ?? 0)) return
    conditions = [...spec.base.conditions, after(terms, lastKeys)]
  }
}

function assertRowByRow({ isGrouped, isDistinct }: ShapeSpec): void {
  if (isGrouped) {
    throw new TypeError(
      'Cannot iterate() over groups: they are worked out anew for every chunk, and rows that change meanwhile move them. Read them at once with all(), or a page() at a time',
    )
  }
  if (isDistinct) {
    throw new TypeError(
      'Cannot iterate() over distinct values: rows that change meanwhile move them. Read them at once with all(), or a page() at a time',
    )
  }
}

function keyTerms({ order }: ShapeSpec): KeyTerm[] {
  return order.map((term) => {
    if ('path' in term) return term
    throw new TypeError(
      `Cannot iterate() in the order of ${term.by.name}: it is worked out, and may change between chunks. Sort by fields, or read a page() at a time`,
    )
  })
}
