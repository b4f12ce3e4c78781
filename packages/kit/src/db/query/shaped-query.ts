import type { RowObject } from '../codec/index.ts'
import type { ModelShape, Q } from '../models/index.ts'
import type { Having } from './aggregate-types.ts'
import type { Path } from './filter-types.ts'
import { iterateShape } from './iterate-shape.ts'
import { loadBeside } from './load-beside.ts'
import type { QuerySource } from './query-source.ts'
import type { IterateOptions, Page, PageOptions } from './query-types.ts'
import { assertPage } from './read-query.ts'
import { countShape, readShape } from './read-shape.ts'
import type { ShapeSpec } from './shape-spec.ts'
import { distinctShape, havingShape, orderedShape } from './shape-steps.ts'

/** What a query makes of each row that is read. */
export type Shaping<Out> = (row: RowObject) => Out

type Signed<Name extends string> = Name | `-${Name}`

/**
 * A query that gives other things than whole rows: chosen values, groups, or rows with values of related rows. Each step
 * gives a new query; nothing runs until a method that returns a promise is called.
 *
 * `Names` are what it can be sorted by, `Worked` the values that are worked out.
 */
export class ShapedQuery<M extends ModelShape, Out, Names extends string, Worked = unknown> {
  readonly #source: QuerySource
  readonly #spec: ShapeSpec
  readonly #shaping: Shaping<Out>

  constructor(source: QuerySource, spec: ShapeSpec, shaping: Shaping<Out>) {
    this.#source = source
    this.#spec = spec
    this.#shaping = shaping
  }

  /** Sorts by these, the first one first; `-` before a name sorts downwards. */
  orderBy(...names: readonly Signed<Names>[]): ShapedQuery<M, Out, Names, Worked> {
    return this.#with(orderedShape(this.#source, this.#spec, names))
  }

  /**
   * Keeps what meets all of these conditions on values that are worked out: `having({ orders__gte: 2 })`. Alternatives are
   * made by `q`.
   */
  having(wanted: Having<Worked> | Q<Having<Worked>>): ShapedQuery<M, Out, Names, Worked> {
    return this.#with(havingShape(this.#source, this.#spec, wanted))
  }

  /** Each combination of values once. @throws {TypeError} if it is not of values alone */
  distinct(): ShapedQuery<M, Out, Names, Worked> {
    return this.#with(distinctShape(this.#spec))
  }

  /** All of them, in order. */
  async all(): Promise<Out[]> {
    return this.#read(this.#spec)
  }

  /** The first in order, or null. */
  async first(): Promise<Out | null> {
    const [first] = await this.#window(1, 0)
    return first ?? null
  }

  async count(): Promise<number> {
    return countShape(this.#source.ctx, this.#spec)
  }

  /** @throws {RangeError} if the number or the size is not a whole number from 1 up */
  async page({ number = 1, size = 50 }: PageOptions = {}): Promise<Page<Out>> {
    assertPage('page', number)
    assertPage('size', size)
    const count = await this.count()
    const rows = await this.#window(size, (number - 1) * size)
    return { rows, count, number, size, totalPages: Math.max(1, Math.ceil(count / size)) }
  }

  /**
   * What each row gives, in order, read `size` rows at a time, as `Query.iterate` does.
   *
   * @throws {TypeError} for groups and distinct values, and in the order of what is worked out; {RangeError} if the size
   * is not a whole number from 1 up
   */
  iterate({ size = 1000 }: IterateOptions = {}): AsyncGenerator<Out, void, undefined> {
    return shapedOnes(iterateShape(this.#source, this.#spec, size), this.#shaping)
  }

  async #window(limit: number, offset: number): Promise<Out[]> {
    const spec = { ...this.#spec, base: { ...this.#spec.base, window: { limit, offset } } }
    return this.#read(spec)
  }

  async #read(spec: ShapeSpec): Promise<Out[]> {
    const rows = await readShape(this.#source.ctx, spec)
    await loadBeside(this.#source, spec, rows)
    return rows.map(this.#shaping)
  }

  #with(spec: ShapeSpec): ShapedQuery<M, Out, Names, Worked> {
    return new ShapedQuery(this.#source, spec, this.#shaping)
  }
}

async function* shapedOnes<Out>(
  rows: AsyncGenerator<RowObject, void, undefined>,
  shaping: Shaping<Out>,
): AsyncGenerator<Out, void, undefined> {
  for await (const row of rows) yield shaping(row)
}

/** A query of whole rows can be sorted by any path, and by what it is annotated with. */
export type RowOrder<M extends ModelShape, Annotations> = Path<M> | (keyof Annotations & string)
