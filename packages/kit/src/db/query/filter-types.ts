import type {
  BigIntegerField,
  DatetimeField,
  Field,
  FieldTypes,
  IntegerField,
  JSON_PATH_LOOKUPS,
  Json,
  MomentPart,
  PART_LOOKUPS,
  PATTERN_LOOKUPS,
  Self,
  UuidField,
} from '../fields/index.ts'
import type { Id, LinkTarget, ModelShape, Q, RelatedTo, Row } from '../models/index.ts'

type KitFields<M extends ModelShape> = {
  readonly id: 'bigint' extends M['idKind'] ? BigIntegerField : UuidField
} & ('business' extends M['scope']
  ? {
      readonly created_at: DatetimeField
      readonly created_by: UuidField
      readonly updated_at: DatetimeField
      readonly updated_by: UuidField
    }
  : unknown) &
  (true extends M['hasVersion'] ? { readonly version: IntegerField } : unknown) &
  (true extends M['hasSoftDelete']
    ? { readonly deleted_at: DatetimeField; readonly deleted_by: UuidField; readonly deletion_id: UuidField }
    : unknown)

/** Every field that a filter may name: the declared ones and the kit's. */
export type Filterable<M extends ModelShape> = M['fields'] & KitFields<M>

type TypesOf<M extends ModelShape, Name> = Name extends keyof Filterable<M>
  ? Filterable<M>[Name] extends Field<infer Types extends FieldTypes>
    ? Types
    : never
  : never

type TargetOf<M extends ModelShape, Name> = TypesOf<M, Name>['target'] extends infer Target
  ? [Target] extends [never]
    ? never
    : Target extends Self
      ? M
      : Target extends ModelShape
        ? Target
        : never
  : never

/** How many foreign keys a typed path may follow. */
type Deeper = [never, 0, 1, 2]

type NameOf<M extends ModelShape> = keyof Filterable<M> & string

/** The fields that a query may sort by, across foreign keys: `name`, `owner__email`. */
export type Path<M extends ModelShape, Depth extends number = 2> = [Depth] extends [never]
  ? never
  : {
      [Name in NameOf<M>]:
        | Name
        | ([TargetOf<M, Name>] extends [never] ? never : `${Name}__${Path<TargetOf<M, Name>, Deeper[Depth]>}`)
    }[NameOf<M>]

/** The parts of dates and times that may be asked of rows, across foreign keys: `created_at__year`. */
type PartPath<M extends ModelShape, Depth extends number = 2> = [Depth] extends [never]
  ? never
  : {
      [Name in NameOf<M>]:
        | ([PartOf<M, Name>] extends [never] ? never : `${Name}__${PartOf<M, Name>}`)
        | ([TargetOf<M, Name>] extends [never] ? never : `${Name}__${PartPath<TargetOf<M, Name>, Deeper[Depth]>}`)
    }[NameOf<M>]

/** What can be asked of each row by a path: a field, or a part of a date or a time. */
export type ValuePath<M extends ModelShape> = Path<M> | PartPath<M>

/** The model that a relation by that name leads to, be it of many rows or leading back. */
export type ManyTarget<M extends ModelShape, Name> =
  Name extends LinkName<M>
    ? LinkTarget<M, Name>
    : Name extends keyof RelatedTo<M>
      ? RelatedTo<M>[Name] extends { readonly model: infer Target extends ModelShape }
        ? Target
        : never
      : never

/** The named links of a model; of one known only by its shape, none. */
type LinkName<M extends ModelShape> = string extends keyof M['links'] ? never : keyof M['links'] & string

/** The relations of a model that have a name but no column. */
export type ManyName<M extends ModelShape> = LinkName<M> | (keyof RelatedTo<M> & string)

type KeyName<M extends ModelShape> = {
  [Name in NameOf<M>]: [TargetOf<M, Name>] extends [never] ? never : Name
}[NameOf<M>]

type PartOf<M extends ModelShape, Name> = TypesOf<M, Name>['lookup'] & MomentPart
type PartLookup = (typeof PART_LOOKUPS)[number]
type JsonLookup = (typeof JSON_PATH_LOOKUPS)[number]
type PatternLookup = (typeof PATTERN_LOOKUPS)[number]
type RowLookup = 'exact' | 'in' | 'isnull'

/** A field by itself or with a lookup. */
type PlainKey<M extends ModelShape> = {
  [Name in NameOf<M>]: Name | `${Name}__${TypesOf<M, Name>['lookup']}`
}[NameOf<M>]

type PartKey<M extends ModelShape> = {
  [Name in NameOf<M>]: [PartOf<M, Name>] extends [never] ? never : `${Name}__${PartOf<M, Name>}__${PartLookup}`
}[NameOf<M>]

/**
 * What an editor offers: the fields with all that can be asked of them, and those of the models beside. Paths that go
 * further are no part of it, for they have no end; `CheckedFilter` holds them to the models all the same.
 */
type FilterKey<M extends ModelShape> =
  | PlainKey<M>
  | PartKey<M>
  | { [Name in KeyName<M>]: `${Name}__${PlainKey<TargetOf<M, Name>>}` }[KeyName<M>]
  | { [Name in ManyName<M>]: Name | `${Name}__${RowLookup | PlainKey<ManyTarget<M, Name>>}` }[ManyName<M>]

/** What a filter may be named by: a path beside the model, or one that goes further, which is held to the models at the start. */
export type FilterName<M extends ModelShape> = FilterKey<M> | `${string}__${string}`

type Operand<Input, Name> = Name extends 'in'
  ? readonly Input[]
  : Name extends 'range'
    ? readonly [Input, Input]
    : Name extends 'isnull'
      ? boolean
      : Input

/** The value of a part of a date or a time. */
export type PartValue<Part> = Part extends 'date' | 'time' ? string : number

type JsonOperand<Name> = Name extends 'has_key' | Exclude<PatternLookup, 'contains'>
  ? string
  : Name extends 'has_keys' | 'has_any_keys'
    ? readonly string[]
    : Operand<Json, Name>

type LastStep<Rest> = Rest extends `${string}__${infer Behind}` ? LastStep<Behind> : Rest

/** What may be given for a lookup of a field, or a path into it. */
type LookupValue<Types extends FieldTypes, Rest> = 'has_key' extends Types['lookup']
  ? LastStep<Rest> extends JsonLookup
    ? JsonOperand<LastStep<Rest>>
    : Json
  : Rest extends Types['lookup']
    ? Rest extends MomentPart
      ? PartValue<Rest>
      : Operand<Types['input'], Rest>
    : Rest extends `${infer Part extends Types['lookup'] & MomentPart}__${infer Name extends PartLookup}`
      ? Operand<PartValue<Part>, Name>
      : Refused<'there is no such lookup', Rest>

/** Takes no value, and says in the compiler's message why. */
interface Refused<Reason extends string, Key> {
  readonly reason: readonly [Reason, Key, never]
}

type FilterValue<M extends ModelShape, Key> =
  Key extends NameOf<M>
    ? TypesOf<M, Key>['input'] | null
    : Key extends ManyName<M>
      ? Id<ManyTarget<M, Key>> | null
      : Key extends `${infer Name}__${infer Rest}`
        ? Name extends ManyName<M>
          ? Rest extends RowLookup
            ? Operand<Id<ManyTarget<M, Name>>, Rest>
            : FilterValue<ManyTarget<M, Name>, Rest>
          : Name extends KeyName<M>
            ? Rest extends RowLookup
              ? Operand<TypesOf<M, Name>['input'], Rest>
              : FilterValue<TargetOf<M, Name>, Rest>
            : Name extends NameOf<M>
              ? LookupValue<TypesOf<M, Name>, Rest>
              : Refused<'there is no such field', Key>
        : Refused<'there is no such field', Key>

/**
 * Conditions that a row must meet, all of them: `{ status: 'active', name__icontains: 'acme', owner__email: 'a@b.c' }`.
 * A misspelt field, a lookup that the field does not have or a value of another type does not compile. The type knows the
 * model and those beside it; given to a query as they are written, conditions may follow relations to any depth.
 */
export type Filter<M extends ModelShape> = { readonly [Key in FilterKey<M>]?: FilterValue<M, Key> }

/** Conditions as they are written, each key held to the models that it passes. */
export type CheckedFilter<M extends ModelShape, Written> =
  Written extends Q<infer Inner> ? Q<CheckedParts<M, Inner>> : CheckedParts<M, Written>

type CheckedParts<M extends ModelShape, Written> = Written extends unknown
  ? { readonly [Key in keyof Written]: FilterValue<M, Key> }
  : never

type NextName<M extends ModelShape> = KeyName<M> | ManyName<M>

/** What `with` loads along: the relations of a model, and those of the models beside it. */
export type RelationName<M extends ModelShape> =
  | NextName<M>
  | { [Name in KeyName<M>]: `${Name}__${NextName<TargetOf<M, Name>>}` }[KeyName<M>]
  | { [Name in ManyName<M>]: `${Name}__${NextName<ManyTarget<M, Name>>}` }[ManyName<M>]

type Head<Name> = Name extends `${infer First}__${string}` ? First : Name
type Tail<Name, First extends string> = Name extends `${First}__${infer Rest}` ? Rest : never

type ManyLoaded<M extends ModelShape, Name, Loaded extends string> = Name extends keyof RelatedTo<M>
  ? RelatedTo<M>[Name] extends { readonly isOne: true }
    ? LoadedRow<ManyTarget<M, Name>, Loaded> | null
    : LoadedRow<ManyTarget<M, Name>, Loaded>[]
  : LoadedRow<ManyTarget<M, Name>, Loaded>[]

/** A row with the rows that `Loaded` names: in the place of a foreign key, or as a list under the relation's name. */
export type LoadedRow<M extends ModelShape, Loaded extends string> = [Loaded] extends [never]
  ? Row<M>
  : {
      readonly [Name in keyof Row<M>]: Name extends Head<Loaded> & string
        ? LoadedRow<TargetOf<M, Name>, Tail<Loaded, Name>> | (null extends Row<M>[Name] ? null : never)
        : Row<M>[Name]
    } & { readonly [Name in Head<Loaded> & ManyName<M>]: ManyLoaded<M, Name, Tail<Loaded, Name>> }
