import type { DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import type { AnyModel, Id, LinkTarget, ModelShape, RelatedTo, Row } from '../models/index.ts'
import type { Values } from './clean-values.ts'
import { type PairRelation, pairRelation, tiedIds } from './pairs.ts'
import type { QueryScope } from './query-scope.ts'
import { rowObjects } from './read-query.ts'
import { plainSpec, selectByKey } from './select-rows.ts'
import { addPairs, clearPairs, removePairs, setPairs } from './tie-rows.ts'

/** The many-to-many relations that a model may be asked for: its own fields, and what `RelatedNames` tells of. */
export type LinkName<M extends ModelShape> = (keyof M['links'] | keyof RelatedTo<M>) & string

/** The model that a many-to-many relation leads to. */
export type LinkedModel<M extends ModelShape, Name extends string> = Name extends keyof M['links']
  ? LinkTarget<M, Name>
  : Name extends keyof RelatedTo<M>
    ? RelatedTo<M>[Name] extends { readonly model: infer Target extends ModelShape }
      ? Target
      : never
    : never

/** The rows that one row is tied to by a many-to-many relation. Each change happens as a whole or not at all. */
export class RowLinks<Target extends ModelShape> {
  readonly #ctx: QueryScope
  readonly #relation: PairRelation
  readonly #id: DriverValue

  constructor(ctx: QueryScope, model: AnyModel, { id, name }: { readonly id: unknown; readonly name: string }) {
    this.#ctx = ctx
    this.#relation = pairRelation(ctx, model, name)
    const { kind } = this.#relation.here
    const parsed: unknown = kind.parse(id)
    // What cannot be an id is that of no row; no row has the empty id.
    this.#id = parsed instanceof Problem ? null : kind.encode(parsed, ctx.store.database.dialect)
  }

  /** The ids of the rows that it is tied to, in order. Rows in the bin do not count. */
  async ids(): Promise<Id<Target>[]> {
    const { kind } = this.#relation.onward
    const tied = await tiedIds(this.#ctx, this.#relation, [this.#id])
    const { dialect } = this.#ctx.store.database
    const own = [...tied.values()].flat()
    return own.flatMap((id) => (id === null ? [] : [kind.decode(id, dialect)]))
  }

  /** The rows themselves, in the order of their ids. */
  async all(): Promise<Row<Target>[]> {
    const { target } = this.#relation
    const tied = await tiedIds(this.#ctx, this.#relation, [this.#id])
    const spec = plainSpec(target)
    const parts = { key: 'id', values: [...tied.values()].flat(), columns: spec.columns, deleted: 'without' } as const
    const rows = rowObjects(this.#ctx, spec, await selectByKey(this.#ctx, target, parts))
    return rows.toSorted((one, other) => (String(one.id) < String(other.id) ? -1 : 1)) as Row<Target>[] // as: whole rows of the model
  }

  /**
   * Ties the row to others as well. What it is tied to already stays as it is, also if two add it at the same time.
   * `values` fill the fields of a model between that is one's own.
   *
   * @throws {ApiError} `not_found` if the row is not there, `validation_failed` if one of the others is not
   */
  add(ids: readonly Id<Target>[], values: Values = {}): Promise<void> {
    return addPairs(this.#ctx, this.#relation, { ...this.#parts(ids), values })
  }

  /** Unties the row from these; those that it is not tied to are passed over. @throws {ApiError} `not_found` if the row is not there */
  remove(ids: readonly Id<Target>[]): Promise<void> {
    return removePairs(this.#ctx, this.#relation, this.#parts(ids))
  }

  /** Ties the row to just these. @throws {ApiError} as `add` */
  set(ids: readonly Id<Target>[], values: Values = {}): Promise<void> {
    return setPairs(this.#ctx, this.#relation, { ...this.#parts(ids), values })
  }

  /** Unties the row from all. @throws {ApiError} `not_found` if the row is not there */
  clear(): Promise<void> {
    return clearPairs(this.#ctx, this.#relation, this.#parts([]).id)
  }

  #parts(ids: readonly unknown[]) {
    return { id: this.#id, ids }
  }
}
