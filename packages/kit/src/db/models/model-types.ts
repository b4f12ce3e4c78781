import type { Field, IdKind } from '../fields/index.ts'

export type Fields = { readonly [name: string]: Field }

export type Scope = 'business' | 'global'

/** The parts of a model that types are inferred from. */
export interface ModelShape {
  readonly label: string
  readonly idKind: IdKind
  readonly scope: Scope
  readonly hasSoftDelete: boolean
  readonly fields: Fields
}

type Simplify<Type> = { [Key in keyof Type]: Type[Key] } & {}
type Or<Type, Nullable> = true extends Nullable ? Type | null : Type

export type Id<M extends ModelShape> = 'bigint' extends M['idKind'] ? bigint : string

interface AuditRow {
  readonly business_id: string
  readonly created_at: Date
  readonly created_by: string | null
  readonly updated_at: Date
  readonly updated_by: string | null
}

interface DeletionRow {
  readonly deleted_at: Date | null
  readonly deleted_by: string | null
  /** Whether the row is in the bin: `deleted_at` is set. */
  readonly is_deleted: boolean
}

type FieldValues<F extends Fields> = {
  readonly [Name in keyof F]: Or<F[Name]['types']['value'], F[Name]['types']['nullable']>
}

/** A row as it is read: every field with its value, the id, and what the kit keeps of each row. */
export type Row<M extends ModelShape> = Simplify<
  { readonly id: Id<M> } & FieldValues<M['fields']> &
    ('business' extends M['scope'] ? AuditRow : unknown) &
    (true extends M['hasSoftDelete'] ? DeletionRow : unknown)
>

type OmittableName<F extends Fields> = {
  [Name in keyof F]: true extends F[Name]['types']['nullable'] | F[Name]['types']['defaulted'] ? Name : never
}[keyof F]

type Input<F extends Field> = Or<F['types']['input'], F['types']['nullable']>

/** What makes a row: fields that are optional or have a default may be left out. */
export type Insert<M extends ModelShape> = Simplify<
  { readonly id?: Id<M> } & {
    readonly [Name in Exclude<keyof M['fields'], OmittableName<M['fields']>>]: Input<M['fields'][Name]>
  } & { readonly [Name in OmittableName<M['fields']>]?: Input<M['fields'][Name]> }
>

/** What changes a row. */
export type Update<M extends ModelShape> = Simplify<{
  readonly [Name in keyof M['fields']]?: Input<M['fields'][Name]>
}>

/** The names that a query may name: fields and the kit's own columns. */
export type ColumnName<M extends ModelShape> = Exclude<keyof Row<M> & string, 'is_deleted'>
