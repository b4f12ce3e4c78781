import { ApiError } from '../../base/index.ts'
import { readRow } from '../codec/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import type { AnyModel, Id, Insert, ModelShape, Row, Update } from '../models/index.ts'
import { compareOrThrow } from './comparison.ts'
import { type Comparison, type Condition, eachComparison } from './condition.ts'
import { binWhere, deleteRows, isBinnedAlone, restoreRows } from './delete-rows.ts'
import { resolvePath, splitLookup } from './field-path.ts'
import type { Filter, LoadedRow, Path, RelationName } from './filter-types.ts'
import { insertRows } from './insert-rows.ts'
import { orderTerms } from './order-terms.ts'
import type { QueryScope } from './query-scope.ts'
import { columnNames, rowMembers } from './row-members.ts'
import { searchCondition } from './search.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import { type DeletedRows, type SelectSpec, shapeOfSpec, valuesOfSpec } from './select-spec.ts'
import { countStatement } from './select-statement.ts'
import { cleanedUpdate, writeWhere } from './update-rows.ts'

/** A page of rows, and how many there are on all pages. */
export interface Page<Item> {
  readonly rows: Item[]
  readonly count: number
  readonly number: number
  readonly size: number
  readonly totalPages: number
}

interface QueryState {
  readonly conditions: readonly Condition[]
  readonly order: readonly string[]
  readonly loaded: readonly string[]
  readonly deleted: DeletedRows
}

const ALL: QueryState = { conditions: [], order: [], loaded: [], deleted: 'without' }

/**
 * A query on the rows of one model, inside the business of its context. Each step gives a new query; nothing runs until
 * a method that returns a promise is called.
 */
export class Query<M extends ModelShape, Loaded extends string = never> {
  readonly #ctx: QueryScope
  readonly #model: AnyModel
  readonly #state: QueryState

  constructor(ctx: QueryScope, model: M, state: QueryState = ALL) {
    this.#ctx = ctx
    this.#model = model as unknown as AnyModel // as: every ModelShape is made by model()
    this.#state = state
  }

  /** Keeps the rows that meet all of these. */
  filter(filter: Filter<M>): Query<M, Loaded> {
    return this.#with({ conditions: [...this.#state.conditions, ...this.#comparisons(filter)] })
  }

  /** Drops the rows that meet all of these. */
  exclude(filter: Filter<M>): Query<M, Loaded> {
    const condition = { not: { all: this.#comparisons(filter) } }
    return this.#with({ conditions: [...this.#state.conditions, condition] })
  }

  /** Keeps the rows in which each word of `text` is found in one of `fields`, in any case. */
  search(text: string, fields: readonly Path<M>[]): Query<M, Loaded> {
    const condition = searchCondition(this.#ctx.store, this.#model, { text, fields })
    return this.#with({ conditions: [...this.#state.conditions, condition] })
  }

  /** Sorts by these, the first one first; `-` before a name sorts downwards. */
  orderBy(...names: readonly (Path<M> | `-${Path<M>}`)[]): Query<M, Loaded> {
    return this.#with({ order: names })
  }

  /** Reads the rows that these foreign keys point to along, in the same statement. */
  with<Name extends RelationName<M>>(...names: readonly Name[]): Query<M, Loaded | Name> {
    return new Query(this.#ctx, this.#asModel(), { ...this.#state, loaded: [...this.#state.loaded, ...names] })
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
    return this.#read(this.#spec())
  }

  /** @throws {RangeError} if the number or the size is not a whole number from 1 up */
  async page({
    number = 1,
    size = 50,
  }: {
    readonly number?: number
    readonly size?: number
  } = {}): Promise<Page<LoadedRow<M, Loaded>>> {
    assertPage('page', number)
    assertPage('size', size)
    const window = { limit: size, offset: (number - 1) * size }
    const spec = { ...this.#spec(), window, hasCount: true }
    const raw = await selectRows(this.#ctx, spec)
    const rows = this.#objects(spec, raw)
    const count = raw[0] ? Number(raw[0][0]) : number === 1 ? 0 : await this.count()
    return { rows, count, number, size, totalPages: Math.max(1, Math.ceil(count / size)) }
  }

  /** The first row in order, or null. */
  async first(): Promise<LoadedRow<M, Loaded> | null> {
    const [row] = await this.#read({ ...this.#spec(), window: { limit: 1, offset: 0 } })
    return row ?? null
  }

  /** The one row of that id or filter. @throws {ApiError} `not_found` if there is none; {TypeError} if there are several */
  async get(key: Id<M> | Filter<M>): Promise<LoadedRow<M, Loaded>> {
    const filter = typeof key === 'object' ? key : ({ id: key } as unknown as Filter<M>) // as: every model has an id
    const query = this.filter(filter)
    const rows = await query.#read({ ...query.#spec(), window: { limit: 2, offset: 0 } })
    if (rows.length > 1) throw new TypeError(`get() found more than one ${this.#model.verboseName}`)
    const [row] = rows
    if (!row) throw new ApiError('not_found')
    return row
  }

  async count(): Promise<number> {
    const { store, executor, reach, business } = this.#ctx
    const spec = { ...this.#spec(), order: [], expansions: [] }
    const plan = store.plan(`count ${shapeOfSpec(spec)}`, reach, () => countStatement(store, spec))
    const { rows } = await executor.execute(plan.statement, plan.bind(valuesOfSpec(spec, business)))
    return Number(rows[0]?.[0])
  }

  async exists(): Promise<boolean> {
    const spec = { ...this.#spec(), columns: ['id'], expansions: [], window: { limit: 1, offset: 0 } }
    return (await selectRows(this.#ctx, spec)).length > 0
  }

  /** Makes a row. @throws {ApiError} `validation_failed` for values that the fields do not take, `conflict` if a unique key has them */
  async create(values: Insert<M>): Promise<Row<M>> {
    const [row] = await this.bulkCreate([values])
    if (!row) throw new TypeError('The database gave no row back')
    return row
  }

  /** Makes many rows, all or none, in as few statements as the database takes. */
  async bulkCreate(values: readonly Insert<M>[]): Promise<Row<M>[]> {
    const spec = plainSpec(this.#model)
    const raw = await insertRows(this.#ctx, this.#model, { rows: values, returning: spec.columns })
    return this.#objects(spec, raw) as Row<M>[] // as: nothing is loaded along
  }

  /** Changes the rows of this query, and tells how many. */
  async update(values: Update<M>): Promise<number> {
    const set = await cleanedUpdate(this.#ctx, this.#model, values)
    if (set.size === 0) return this.count()
    return this.#writing((ctx, conditions) =>
      writeWhere(ctx, this.#model, { set, conditions, deleted: this.#state.deleted }),
    )
  }

  /** Deletes the rows of this query, and tells how many; with soft delete they go to the bin. @throws {ApiError} `protected` if rows that stay point to them */
  async delete(): Promise<number> {
    if (isBinnedAlone(this.#ctx, this.#model) && this.#state.deleted === 'without') {
      return this.#writing((ctx, conditions) => binWhere(ctx, this.#model, conditions))
    }
    return this.#ctx.transaction(async (tx) => deleteRows(tx, this.#model, await this.#ids(tx)))
  }

  /** Takes the rows of this query out of the bin, and tells how many. */
  async restore(): Promise<number> {
    const query = this.#with({ deleted: 'only' })
    return query.#writing((ctx, conditions) => restoreRows(ctx, this.#model, conditions))
  }

  /**
   * Writes by the conditions of this query in one statement. Where they look into other tables, which an update cannot
   * join, the rows are found first, in the same transaction.
   */
  #writing(write: (ctx: QueryScope, conditions: readonly Condition[]) => Promise<number>): Promise<number> {
    const { conditions } = this.#state
    if (!conditions.some(followsKeys)) return write(this.#ctx, conditions)
    return this.#ctx.transaction(async (tx) => {
      let written = 0
      for (const values of chunksOf(await this.#ids(tx))) {
        written += await write(tx, [oneOf(tx, this.#model, { key: 'id', values })])
      }
      return written
    })
  }

  #with(change: Partial<QueryState>): Query<M, Loaded> {
    return new Query<M, Loaded>(this.#ctx, this.#asModel(), { ...this.#state, ...change })
  }

  #asModel(): M {
    return this.#model as unknown as M // as: it came in as M
  }

  #comparisons(filter: Filter<M>): Comparison[] {
    const { registry, database } = this.#ctx.store
    return Object.entries(filter).map(([key, value]) => {
      const { path, lookup } = splitLookup(key)
      const resolved = resolvePath(registry, this.#model, path)
      if (!resolved.column.kind.lookups.includes(lookup)) {
        throw new TypeError(`${this.#model.label}.${path} has no lookup "${lookup}"`)
      }
      return compareOrThrow(key, { path: resolved, lookup, value, dialect: database.dialect })
    })
  }

  #spec(): SelectSpec {
    const { registry } = this.#ctx.store
    const { order, loaded } = this.#state
    return {
      ...plainSpec(this.#model),
      conditions: this.#state.conditions,
      order: orderTerms(registry, this.#model, order.length > 0 ? order : this.#model.ordering),
      deleted: this.#state.deleted,
      expansions: [...new Set(loaded)].map((name) => ({
        name,
        columns: columnNames(targetOf(this.#ctx, this.#model, name)),
      })),
    }
  }

  async #read(spec: SelectSpec): Promise<LoadedRow<M, Loaded>[]> {
    return this.#objects(spec, await selectRows(this.#ctx, spec))
  }

  #objects(spec: SelectSpec, raw: readonly RawValue[][]): LoadedRow<M, Loaded>[] {
    const { store } = this.#ctx
    const members = store.derived(`members ${shapeOfSpec(spec)}`, () => rowMembers(store.registry, spec))
    return raw.map((row) => readRow(row, members, store.database.dialect) as LoadedRow<M, Loaded>) // as: by the model's types
  }

  async #ids(ctx: QueryScope): Promise<DriverValue[]> {
    const rows = await selectRows(ctx, { ...this.#spec(), columns: ['id'], expansions: [], order: [] })
    return rows.map((row) => row[0] ?? null)
  }
}

/** Whether a condition looks at a row that a foreign key points to. */
function followsKeys(condition: Condition): boolean {
  let follows = false
  eachComparison(condition, ({ path }) => {
    follows ||= path.hops.length > 0
  })
  return follows
}

function targetOf(ctx: QueryScope, model: AnyModel, name: string): AnyModel {
  return ctx.store.registry.target(resolvePath(ctx.store.registry, model, name).column)
}

function assertPage(word: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`Cannot page: ${word} must be a whole number from 1 up, got ${value}`)
  }
}
