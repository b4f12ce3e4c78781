import type { Field, IdKind, Self } from '../fields/index.ts'
import type { ManyToMany } from './many-to-many.ts'

export type Fields = { readonly [name: string]: Field }

export type Links = { readonly [name: string]: ManyToMany }

/** What `fields` of a declaration holds: fields with a column, and many-to-many fields. */
export type Declared = { readonly [name: string]: Field | ManyToMany }

/** The fields of a declaration that have a column. */
export type FieldsOf<D extends Declared> = {
  readonly [Name in keyof D as D[Name] extends Field ? Name : never]: D[Name] extends Field ? D[Name] : never
}

/** The many-to-many fields of a declaration. */
export type LinksOf<D extends Declared> = {
  readonly [Name in keyof D as D[Name] extends ManyToMany ? Name : never]: D[Name] extends ManyToMany ? D[Name] : never
}

export type Scope = 'business' | 'global'

/** The parts of a model that types are inferred from. */
export interface ModelShape {
  readonly label: string
  readonly idKind: IdKind
  readonly scope: Scope
  readonly hasSoftDelete: boolean
  readonly hasVersion: boolean
  readonly fields: Fields
  readonly links: Links
}

/** The model that a many-to-many field leads to. */
export type LinkTarget<
  M extends ModelShape,
  Name extends keyof M['links'],
> = M['links'][Name]['target'] extends infer Target
  ? Target extends Self
    ? M
    : Target extends ModelShape
      ? Target
      : never
  : never

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

interface VersionRow {
  /** 1 for a new row, and one more after each change. */
  readonly version: number
}

interface DeletionRow {
  readonly deleted_at: Date | null
  readonly deleted_by: string | null
  /** Shared by all rows that one deletion took to the bin. */
  readonly deletion_id: string | null
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
    (true extends M['hasVersion'] ? VersionRow : unknown) &
    (true extends M['hasSoftDelete'] ? DeletionRow : unknown)
>

type OmittableName<F extends Fields> = {
  [Name in keyof F]: true extends F[Name]['types']['nullable'] | F[Name]['types']['defaulted'] ? Name : never
}[keyof F]

/** Fields that the database computes: nobody writes them. */
type GeneratedName<F extends Fields> = {
  [Name in keyof F]: F[Name]['types'] extends { readonly generated: true } ? Name : never
}[keyof F]

type WrittenName<F extends Fields> = Exclude<keyof F, GeneratedName<F>>

type Input<F extends Field> = Or<F['types']['input'], F['types']['nullable']>

/** What makes a row: fields that are optional or have a default may be left out. */
export type Insert<M extends ModelShape> = Simplify<
  { readonly id?: Id<M> } & {
    readonly [Name in Exclude<WrittenName<M['fields']>, OmittableName<M['fields']>>]: Input<M['fields'][Name]>
  } & { readonly [Name in OmittableName<M['fields']> & WrittenName<M['fields']>]?: Input<M['fields'][Name]> }
>

/** What changes a row. */
export type Update<M extends ModelShape> = Simplify<{
  readonly [Name in WrittenName<M['fields']>]?: Input<M['fields'][Name]>
}>

/** The names that a query may name: fields and the kit's own columns. */
export type ColumnName<M extends ModelShape> = Exclude<keyof Row<M> & string, 'is_deleted'>
