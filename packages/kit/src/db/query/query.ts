import { ApiError } from '../../base/index.ts'
import type { RowObject } from '../codec/index.ts'
import { type AnyModel, type Id, type ModelShape, type Q, q } from '../models/index.ts'
import { combined } from './combine-queries.ts'
import type { Condition } from './condition.ts'
import { explainQuery } from './explain-query.ts'
import { filterConditions } from './filter-conditions.ts'
import type { CheckedFilter, Filter, LoadedRow, ManyName, ManyTarget, Path, RelationName } from './filter-types.ts'
import { iterateRows } from './iterate-rows.ts'
import { type Narrow, narrowedRelations } from './narrowed-relations.ts'
import { reversed } from './order-terms.ts'
import type { QueryScope } from './query-scope.ts'
import type { QuerySource } from './query-source.ts'
import { ALL_ROWS, type QueryState } from './query-state.ts'
import type { ExplainOptions, IterateOptions, LockOptions, OrderName, Page, PageOptions } from './query-types.ts'
import { countQuery, hasRows, readPage, readQuery } from './read-query.ts'
import { searchCondition } from './search.ts'
import { chunksOf } from './select-rows.ts'
import type { Window } from './select-spec.ts'
import { ShapableRows } from './shapable-rows.ts'

/**
 * A query on the rows of one model, inside the business of its context. Each step gives a new query; nothing runs until
 * a method that returns a promise is called.
 */
export class Query<M extends ModelShape, Loaded extends string = never> extends ShapableRows<M, Loaded> {
  /** Only for the compiler; never set. */
  declare readonly types?: { readonly model: M; readonly loaded: Loaded }

  constructor(ctx: QueryScope, model: M, state: QueryState = ALL_ROWS) {
    super({ ctx, model: model as unknown as AnyModel, state }) // as: every ModelShape is made by model()
  }

  /** Keeps the rows that meet all of these. Alternatives are made by `q.or`. */
  filter(...wanted: readonly (Filter<M> | Q<Filter<M>>)[]): Query<M, Loaded>
  filter<const Written extends readonly object[]>(
    ...wanted: { readonly [At in keyof Written]: Written[At] & CheckedFilter<M, Written[At]> }
  ): Query<M, Loaded>
  filter(...wanted: readonly object[]): Query<M, Loaded> {
    const { ctx, model } = this.source
    return this.#where(...filterConditions(ctx.store, model, wanted))
  }

  /** Drops the rows that meet all of these. */
  exclude(...unwanted: readonly (Filter<M> | Q<Filter<M>>)[]): Query<M, Loaded>
  exclude<const Written extends readonly object[]>(
    ...unwanted: { readonly [At in keyof Written]: Written[At] & CheckedFilter<M, Written[At]> }
  ): Query<M, Loaded>
  exclude(...unwanted: readonly object[]): Query<M, Loaded> {
    const { ctx, model } = this.source
    return this.#where(...filterConditions(ctx.store, model, [q.not(q.and(...unwanted))]))
  }

  /** Keeps the rows in which each word of `text` is found in one of `fields`, in any case. */
  search(text: string, fields: readonly Path<M>[]): Query<M, Loaded> {
    const { ctx, model } = this.source
    return this.#where(searchCondition(ctx.store, model, { text, fields }))
  }

  /** Sorts by these, the first one first; `-` before a name sorts downwards. */
  orderBy(...names: readonly OrderName<M>[]): Query<M, Loaded> {
    return this.#with({ order: names })
  }

  /**
   * Reads related rows along: what a foreign key points to in the same statement, every other relation and every further
   * step (`orders__lines`) in one statement more, whatever the number of rows.
   */
  with<Name extends RelationName<M>>(...names: readonly Name[]): Query<M, Loaded | Name>
  /**
   * Reads some of the rows of relations along, in an order of their own: Django's `Prefetch`.
   * `with({ orders: (query) => query.filter({ status: 'open' }).orderBy('-created_at') })`
   */
  with<const Wanted extends object & Narrowing<M>>(
    wanted: Wanted & { readonly [Name in Exclude<keyof Wanted, ManyName<M>>]: never },
  ): Query<M, Loaded | NarrowedName<Wanted>>
  with(...wanted: readonly unknown[]): Query<M, string> {
    const { state } = this.source
    const [first] = wanted
    // as: the overloads take names, or one object of functions
    if (typeof first !== 'object' || first === null)
      return this.#with({ loaded: [...state.loaded, ...(wanted as string[])] })
    const narrow: Narrow = (target, steps) => this.#narrowed(target, steps)
    return this.#with(narrowedRelations(this.source, first as Readonly<Record<string, unknown>>, narrow)) // as: the same
  }

  /** Also the rows in the bin. */
  withDeleted(): Query<M, Loaded> {
    return this.#with({ deleted: 'with' })
  }

  /** Only the rows in the bin. */
  onlyDeleted(): Query<M, Loaded> {
    return this.#with({ deleted: 'only' })
  }

  /** No row at all. */
  none(): Query<M, Loaded> {
    return this.#where({ any: [] })
  }

  /** The rows of this query or of the other. */
  union<Names extends string>(other: Query<M, Names>): Query<M, Loaded> {
    return this.#with(combined(this.source, other.source, 'union'))
  }

  /** The rows that are in both queries. */
  intersect<Names extends string>(other: Query<M, Names>): Query<M, Loaded> {
    return this.#with(combined(this.source, other.source, 'intersect'))
  }

  /** The rows of this query that are not in the other. */
  difference<Names extends string>(other: Query<M, Names>): Query<M, Loaded> {
    return this.#with(combined(this.source, other.source, 'difference'))
  }

  /** The other way round. */
  reverse(): Query<M, Loaded> {
    const { model, state } = this.source
    return this.#with({ order: reversed(state.order.length > 0 ? state.order : model.ordering) })
  }

  /**
   * Holds the rows that are read until the transaction ends, so that nobody else changes them. Rows that others hold are
   * waited for, left out (`skipLocked`), or refused by a `DatabaseError` of the kind `conflict` (`noWait`).
   *
   * @throws {TypeError} outside a transaction
   */
  forUpdate({ skipLocked = false, noWait = false }: LockOptions = {}): Query<M, Loaded> {
    if (!this.source.ctx.isInTransaction) {
      throw new TypeError(
        'forUpdate() holds rows until a transaction ends: call it on the context of ctx.transaction()',
      )
    }
    if (skipLocked && noWait) throw new TypeError('forUpdate() takes skipLocked or noWait, not both')
    return this.#with({ lock: skipLocked ? 'skip locked' : noWait ? 'no wait' : 'wait' })
  }

  /** All rows, in order. For large sets take `page` or `iterate`. */
  async all(): Promise<LoadedRow<M, Loaded>[]> {
    return this.#rows()
  }

  /** @throws {RangeError} if the number or the size is not a whole number from 1 up */
  async page({ number = 1, size = 50 }: PageOptions = {}): Promise<Page<LoadedRow<M, Loaded>>> {
    const { rows, count } = await readPage(this.source, { number, size })
    return { rows: this.#typed(rows), count, number, size, totalPages: Math.max(1, Math.ceil(count / size)) }
  }

  /** The first row in order, or null. */
  async first(): Promise<LoadedRow<M, Loaded> | null> {
    const [row] = await this.#rows({ limit: 1, offset: 0 })
    return row ?? null
  }

  /** The one row of that id or filter. @throws {ApiError} `not_found` if there is none; {TypeError} if there are several */
  async get(key: Id<M> | Filter<M> | Q<Filter<M>>): Promise<LoadedRow<M, Loaded>> {
    const filter = typeof key === 'object' ? key : ({ id: key } as unknown as Filter<M>) // as: every model has an id
    const rows = await this.filter(filter).#rows({ limit: 2, offset: 0 })
    if (rows.length > 1) throw new TypeError(`get() found more than one ${this.source.model.verboseName}`)
    const [row] = rows
    if (!row) throw new ApiError('not_found')
    return row
  }

  /** The last row in order, or null. */
  async last(): Promise<LoadedRow<M, Loaded> | null> {
    return this.reverse().first()
  }

  /** The row with the least value. @throws {ApiError} `not_found` if there is none */
  async earliest(...names: readonly [OrderName<M>, ...OrderName<M>[]]): Promise<LoadedRow<M, Loaded>> {
    return found(await this.orderBy(...names).first())
  }

  /** The row with the greatest value. @throws {ApiError} `not_found` if there is none */
  async latest(...names: readonly [OrderName<M>, ...OrderName<M>[]]): Promise<LoadedRow<M, Loaded>> {
    return found(await this.orderBy(...names).last())
  }

  /** The rows of these ids, by their ids. */
  async inBulk(ids: readonly Id<M>[]): Promise<Map<Id<M>, LoadedRow<M, Loaded>>> {
    const rows: LoadedRow<M, Loaded>[] = []
    for (const chunk of chunksOf([...new Set(ids)])) {
      rows.push(...(await this.filter({ id__in: chunk } as unknown as Filter<M>).all())) // as: every model has an id
    }
    return new Map(rows.map((row) => [(row as { readonly id: Id<M> }).id, row])) // as: every row has its id
  }

  /**
   * The rows in order, read `size` at a time: `for await (const row of query.iterate())`. One chunk is in memory, and
   * nothing is held open between chunks. Rows that are made meanwhile neither shift the others nor repeat them.
   */
  iterate({ size = 1000 }: IterateOptions = {}): AsyncGenerator<LoadedRow<M, Loaded>, void, undefined> {
    const rows: AsyncGenerator<unknown, void, undefined> = iterateRows(this.source, size)
    return rows as AsyncGenerator<LoadedRow<M, Loaded>, void, undefined> // as: rows are read by the model's own columns
  }

  /** How the database would read these rows, in its own words; with `analyze` it does, and tells the times. */
  async explain({ analyze = false }: ExplainOptions = {}): Promise<string> {
    return explainQuery(this.source, analyze)
  }

  async count(): Promise<number> {
    return countQuery(this.source)
  }

  async exists(): Promise<boolean> {
    return hasRows(this.source)
  }

  #narrowed(target: ModelShape, steps: unknown): QuerySource | null {
    const query: unknown = typeof steps === 'function' ? steps(new Query(this.source.ctx, target)) : null
    return query instanceof Query ? query.source : null
  }

  #where(...conditions: readonly Condition[]): Query<M, Loaded> {
    return this.#with({ conditions: [...this.source.state.conditions, ...conditions] })
  }

  #with<Names extends string = Loaded>(change: Partial<QueryState>): Query<M, Names> {
    const { ctx, model, state } = this.source
    return new Query<M, Names>(ctx, model as unknown as M, { ...state, ...change }) // as: it came in as M
  }

  async #rows(window: Window | null = null): Promise<LoadedRow<M, Loaded>[]> {
    return this.#typed(await readQuery(this.source, window))
  }

  #typed(rows: readonly RowObject[]): LoadedRow<M, Loaded>[] {
    return rows as readonly unknown[] as LoadedRow<M, Loaded>[] // as: rows are read by the model's own columns
  }
}

/** What relations are narrowed by: each takes a query of its rows, and gives it back with further steps. */
type Narrowing<M extends ModelShape> = {
  readonly [Name in ManyName<M>]?: (query: Query<ManyTarget<M, Name>>) => {
    readonly types?: { readonly model: ManyTarget<M, Name>; readonly loaded: string }
  }
}

/** The names of narrowed relations, and of what each loads along in its turn. */
type NarrowedName<Wanted> = {
  [Name in keyof Wanted & string]:
    | Name
    | (Wanted[Name] extends (query: never) => { readonly types?: { readonly loaded: infer Inner extends string } }
        ? `${Name}__${Inner}`
        : never)
}[keyof Wanted & string]

function found<Found>(row: Found | null): Found {
  if (row === null) throw new ApiError('not_found')
  return row
}
