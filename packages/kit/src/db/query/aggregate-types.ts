import type { Field, FieldTypes, MomentPart, Self } from '../fields/index.ts'
import type { LinkTarget, ModelShape, Q, RelatedTo } from '../models/index.ts'
import type { Aggregate, AggregateFunction } from './aggregate.ts'
import type { IsNumber } from './changes.ts'
import type { Filter, Filterable, PartValue } from './filter-types.ts'

type TypesOf<F> = F extends Field<infer Types extends FieldTypes> ? Types : never

/** The model that a relation to many leads to; never for other names. */
type ManyTarget<M extends ModelShape, Name> = Name extends keyof RelatedTo<M>
  ? RelatedTo<M>[Name] extends { readonly model: infer Target extends ModelShape }
    ? Target
    : never
  : Name extends keyof M['links']
    ? LinkTarget<M, Name>
    : never

/** The model that a foreign key points to; never for other names. */
type OneTarget<M extends ModelShape, Name> = Name extends keyof M['fields']
  ? TypesOf<M['fields'][Name]>['target'] extends infer Target
    ? [Target] extends [never]
      ? never
      : Target extends Self
        ? M
        : Target extends ModelShape
          ? Target
          : never
    : never
  : never

/** Where a path of an aggregate leads: whose rows are gathered, and by which field. */
interface Place<Rows extends ModelShape, Of, IsMany extends boolean> {
  readonly rows: Rows
  readonly field: Of
  readonly isMany: IsMany
}

type PlaceOf<
  M extends ModelShape,
  P,
  Rows extends ModelShape = M,
  IsMany extends boolean = false,
> = P extends `${infer Head}__${infer Rest}`
  ? [ManyTarget<M, Head>] extends [never]
    ? [OneTarget<M, Head>] extends [never]
      ? never
      : PlaceOf<OneTarget<M, Head>, Rest, Rows, IsMany>
    : PlaceOf<ManyTarget<M, Head>, Rest, ManyTarget<M, Head>, true>
  : P extends '*'
    ? Place<Rows, '*', IsMany>
    : [ManyTarget<M, P>] extends [never]
      ? P extends keyof Filterable<M>
        ? Place<Rows, Filterable<M>[P], IsMany>
        : never
      : Place<ManyTarget<M, P>, '*', true>

type IsOrdered<F> = 'gt' extends TypesOf<F>['lookup'] ? true : false

/** Whether a function can be worked out of a field. */
type Suits<Fn extends AggregateFunction, F> = Fn extends 'count'
  ? true
  : F extends '*'
    ? false
    : Fn extends 'min' | 'max'
      ? IsOrdered<F>
      : IsNumber<F>

type IsFilter<M extends ModelShape, Where> = Where extends Filter<M> | Q<Filter<M>>
  ? Exclude<keyof Where, keyof Filter<M> | keyof Q> extends never
    ? true
    : false
  : false

type IsValid<M extends ModelShape, A, NeedsMany extends boolean> =
  A extends Aggregate<infer Fn, infer P, infer Where>
    ? [PlaceOf<M, P>] extends [never]
      ? false
      : PlaceOf<M, P> extends Place<infer Rows, infer F, infer IsMany>
        ? [Suits<Fn, F>, IsFilter<Rows, Where>, NeedsMany extends true ? IsMany : true] extends [true, true, true]
          ? true
          : false
        : false
    : false

/** The aggregates that make sense for a model: the others must be `never`. */
export type Checked<M extends ModelShape, A, NeedsMany extends boolean = false> = {
  readonly [Name in keyof A]: IsValid<M, A[Name], NeedsMany> extends true ? A[Name] : never
}

type ValueOf<F> = TypesOf<F>['value']

type Outcome<Fn, F> = Fn extends 'count'
  ? number
  : Fn extends 'avg'
    ? (ValueOf<F> extends string ? string : number) | null
    : ValueOf<F> | null

/** The values of aggregates by their names. */
export type Outcomes<M extends ModelShape, A> = {
  readonly [Name in keyof A]: A[Name] extends Aggregate<infer Fn, infer P, infer _Where>
    ? PlaceOf<M, P> extends Place<infer _Rows, infer F, infer _IsMany>
      ? Outcome<Fn, F>
      : never
    : never
}

export type Aggregates = { readonly [name: string]: Aggregate }

/** The value at a path; null where a foreign key on the way may be. */
export type PathValue<M extends ModelShape, P> = P extends `${infer Head}__${infer Rest}`
  ? [OneTarget<M, Head>] extends [never]
    ? Head extends keyof Filterable<M>
      ? Rest extends MomentPart & TypesOf<Filterable<M>[Head]>['lookup']
        ? PartValue<Rest> | OrNull<M, Head>
        : never
      : never
    : PathValue<OneTarget<M, Head>, Rest> | OrNull<M, Head>
  : P extends keyof Filterable<M>
    ? ValueOf<Filterable<M>[P]> | OrNull<M, P>
    : never

type OrNull<M extends ModelShape, Name> = Name extends NullableName<M> ? null : never

type NullableName<M extends ModelShape> =
  | {
      [Name in keyof M['fields']]: true extends TypesOf<M['fields'][Name]>['nullable'] ? Name : never
    }[keyof M['fields']]
  | 'created_by'
  | 'updated_by'
  | 'deleted_at'
  | 'deleted_by'
  | 'deletion_id'

/** Rows of some paths: each value under the path that it was asked by. */
export type PathRow<M extends ModelShape, P extends string> = { readonly [Name in P]: PathValue<M, Name> }

/** The values of some paths, in their order. */
export type PathTuple<M extends ModelShape, Paths extends readonly string[]> = {
  readonly [At in keyof Paths]: PathValue<M, Paths[At]>
}

type Comparable<Value> =
  NonNullable<Value> extends Date
    ? Date | string
    : NonNullable<Value> | (NonNullable<Value> extends string ? number : never)

/** Conditions on worked out values: `{ orders__gte: 2, spent__isnull: false, n__in: [1, 2] }`. */
export type Having<Out> = {
  readonly [Name in keyof Out & string]?: Comparable<Out[Name]> | Extract<Out[Name], null>
} & {
  readonly [Name in keyof Out & string as `${Name}__${'exact' | 'gt' | 'gte' | 'lt' | 'lte'}`]?: Comparable<Out[Name]>
} & { readonly [Name in keyof Out & string as `${Name}__in`]?: readonly Comparable<Out[Name]>[] } & {
  readonly [Name in keyof Out & string as `${Name}__range`]?: readonly [Comparable<Out[Name]>, Comparable<Out[Name]>]
} & { readonly [Name in keyof Out & string as `${Name}__isnull`]?: boolean }
