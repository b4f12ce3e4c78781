import { ApiError } from '../../base/index.ts'
import type { RowObject } from '../codec/index.ts'
import type { AnyModel, Id, Insert, ModelShape, Q, Row, Update } from '../models/index.ts'
import type { Condition } from './condition.ts'
import { conditionsOf } from './filter-conditions.ts'
import type { Filter, LoadedRow, Path, RelationName } from './filter-types.ts'
import type { QueryScope } from './query-scope.ts'
import { ALL_ROWS, type QuerySource, type QueryState } from './query-source.ts'
import { countQuery, hasRows, readPage, readQuery } from './read-query.ts'
import { searchCondition } from './search.ts'
import type { Window } from './select-spec.ts'
import { createRows, deleteQuery, restoreQuery, updateQuery } from './write-query.ts'

/** A page of rows, and how many there are on all pages. */
export interface Page<Item> {
  readonly rows: Item[]
  readonly count: number
  readonly number: number
  readonly size: number
  readonly totalPages: number
}

/**
 * A query on the rows of one model, inside the business of its context. Each step gives a new query; nothing runs until
 * a method that returns a promise is called.
 */
export class Query<M extends ModelShape, Loaded extends string = never> {
  readonly #source: QuerySource

  constructor(ctx: QueryScope, model: M, state: QueryState = ALL_ROWS) {
    this.#source = { ctx, model: model as unknown as AnyModel, state } // as: every ModelShape is made by model()
  }

  /** Keeps the rows that meet all of these. Alternatives are made by `q.or`. */
  filter(...wanted: readonly (Filter<M> | Q<Filter<M>>)[]): Query<M, Loaded> {
    return this.#where(...conditionsOf(this.#source, wanted))
  }

  /** Drops the rows that meet all of these. */
  exclude(...unwanted: readonly (Filter<M> | Q<Filter<M>>)[]): Query<M, Loaded> {
    return this.#where({ not: { all: conditionsOf(this.#source, unwanted) } })
  }

  /** Keeps the rows in which each word of `text` is found in one of `fields`, in any case. */
  search(text: string, fields: readonly Path<M>[]): Query<M, Loaded> {
    const { ctx, model } = this.#source
    return this.#where(searchCondition(ctx.store, model, { text, fields }))
  }

  /** Sorts by these, the first one first; `-` before a name sorts downwards. */
  orderBy(...names: readonly (Path<M> | `-${Path<M>}`)[]): Query<M, Loaded> {
    return this.#with({ order: names })
  }

  /** Reads the rows that these foreign keys point to along, in the same statement. */
  with<Name extends RelationName<M>>(...names: readonly Name[]): Query<M, Loaded | Name> {
    const { state } = this.#source
    return this.#with<Loaded | Name>({ loaded: [...state.loaded, ...names] })
  }

  /** Also the rows in the bin. */
  withDeleted(): Query<M, Loaded> {
    return this.#with({ deleted: 'with' })
  }

  /** Only the rows in the bin. */
  onlyDeleted(): Query<M, Loaded> {
    return this.#with({ deleted: 'only' })
  }

  /** All rows, in order. For large sets take `page`. */
  async all(): Promise<LoadedRow<M, Loaded>[]> {
    return this.#rows()
  }

  /** @throws {RangeError} if the number or the size is not a whole number from 1 up */
  async page({
    number = 1,
    size = 50,
  }: {
    readonly number?: number
    readonly size?: number
  } = {}): Promise<Page<LoadedRow<M, Loaded>>> {
    const { rows, count } = await readPage(this.#source, { number, size })
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
    if (rows.length > 1) throw new TypeError(`get() found more than one ${this.#source.model.verboseName}`)
    const [row] = rows
    if (!row) throw new ApiError('not_found')
    return row
  }

  async count(): Promise<number> {
    return countQuery(this.#source)
  }

  async exists(): Promise<boolean> {
    return hasRows(this.#source)
  }

  /** Makes a row. @throws {ApiError} `validation_failed` for values that the fields do not take, `conflict` if a unique key has them */
  async create(values: Insert<M>): Promise<Row<M>> {
    const [row] = await this.bulkCreate([values])
    if (!row) throw new TypeError('The database gave no row back')
    return row
  }

  /** Makes many rows, all or none, in as few statements as the database takes. */
  async bulkCreate(values: readonly Insert<M>[]): Promise<Row<M>[]> {
    return (await createRows(this.#source, values)) as Row<M>[] // as: whole rows of the model
  }

  /** Changes the rows of this query, and tells how many. */
  async update(values: Update<M>): Promise<number> {
    return updateQuery(this.#source, values)
  }

  /** Deletes the rows of this query, and tells how many; with soft delete they go to the bin. @throws {ApiError} `protected` if rows that stay point to them */
  async delete(): Promise<number> {
    return deleteQuery(this.#source)
  }

  /** Takes the rows of this query out of the bin, and tells how many. */
  async restore(): Promise<number> {
    return restoreQuery(this.#source)
  }

  #where(...conditions: readonly Condition[]): Query<M, Loaded> {
    return this.#with({ conditions: [...this.#source.state.conditions, ...conditions] })
  }

  #with<Names extends string = Loaded>(change: Partial<QueryState>): Query<M, Names> {
    const { ctx, model, state } = this.#source
    return new Query<M, Names>(ctx, model as unknown as M, { ...state, ...change }) // as: it came in as M
  }

  async #rows(window: Window | null = null): Promise<LoadedRow<M, Loaded>[]> {
    return this.#typed(await readQuery(this.#source, window))
  }

  #typed(rows: readonly RowObject[]): LoadedRow<M, Loaded>[] {
    return rows as readonly unknown[] as LoadedRow<M, Loaded>[] // as: rows are read by the model's own columns
  }
}
