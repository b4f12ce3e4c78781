import type {
  BigIntegerField,
  DatetimeField,
  Field,
  FieldTypes,
  IntegerField,
  Lookup,
  Self,
  UuidField,
} from '../fields/index.ts'
import type { ModelShape, Row } from '../models/index.ts'

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

type FilterKey<M extends ModelShape, Depth extends number = 2> = [Depth] extends [never]
  ? never
  : {
      [Name in NameOf<M>]:
        | Name
        | `${Name}__${TypesOf<M, Name>['lookup']}`
        | ([TargetOf<M, Name>] extends [never] ? never : `${Name}__${FilterKey<TargetOf<M, Name>, Deeper[Depth]>}`)
    }[NameOf<M>]

type LookupValue<Input, Name> = Name extends 'in'
  ? readonly Input[]
  : Name extends 'range'
    ? readonly [Input, Input]
    : Name extends 'isnull'
      ? boolean
      : Input

type FilterValue<M extends ModelShape, Key> =
  Key extends NameOf<M>
    ? TypesOf<M, Key>['input'] | null
    : Key extends `${infer Name}__${infer Rest}`
      ? Rest extends Lookup
        ? LookupValue<TypesOf<M, Name>['input'], Rest>
        : FilterValue<TargetOf<M, Name>, Rest>
      : never

/**
 * Conditions that a row must meet, all of them: `{ status: 'active', name__icontains: 'acme', owner__email: 'a@b.c' }`.
 * A misspelt field, a lookup that the field does not have or a value of another type does not compile.
 */
export type Filter<M extends ModelShape> = { readonly [Key in FilterKey<M>]?: FilterValue<M, Key> }

/** The names of a model's foreign keys. */
export type RelationName<M extends ModelShape> = {
  [Name in keyof M['fields'] & string]: [TargetOf<M, Name>] extends [never] ? never : Name
}[keyof M['fields'] & string]

/** A row in which the foreign keys named by `Loaded` hold the row that they point to. */
export type LoadedRow<M extends ModelShape, Loaded extends string> = [Loaded] extends [never]
  ? Row<M>
  : {
      readonly [Name in keyof Row<M>]: Name extends Loaded
        ? Row<TargetOf<M, Name>> | (null extends Row<M>[Name] ? null : never)
        : Row<M>[Name]
    }
