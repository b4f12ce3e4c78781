import type { AnyModel, Field, FieldTypes, ModelShape, Row } from '../db/index.ts'
import type { FieldMember, Member } from './member.ts'
import { fieldMember, modelMembers } from './model-members.ts'

/** What a computed field may use besides its row. */
export type Compute<Source> = (row: Source) => unknown

/** A field that is worked out from the row: shown, never taken. */
export interface ComputedField<Source> {
  readonly field: Field
  readonly compute: Compute<Source>
}

/**
 * A named set of fields that is checked on the way in and shown on the way out. It is the schema of its requests and
 * answers in the documentation.
 */
export interface Serializer<Output = unknown, Input = unknown> {
  /** Only for the compiler; never set. */
  readonly types?: { readonly output: Output; readonly input: Input }
  /** The name of its schema: `Client`. */
  readonly name: string
  /** The model whose rows it shows; null for one that stands by itself. */
  readonly model: AnyModel | null
  readonly members: readonly Member[]
  readonly validate: ((values: Readonly<Record<string, unknown>>) => void) | null
}

export type AnySerializer = Serializer

/** Several of another serializer: `businesses: listOf(BusinessSerializer)`. Shown, never taken. */
export interface ListOf<Output = unknown> {
  readonly list: Serializer<Output>
}

/** Another serializer, or null: `business: orNull(BusinessSerializer)`. Shown, never taken. */
export interface OrNull<Output = unknown> {
  readonly nullable: Serializer<Output>
}

export const listOf = <Output>(list: Serializer<Output>): ListOf<Output> => ({ list })
export const orNull = <Output>(nullable: Serializer<Output>): OrNull<Output> => ({ nullable })

type PlainMember = Field | Serializer | ListOf | OrNull
type PlainMembers = { readonly [name: string]: PlainMember }

type Or<Type, Nullable> = true extends Nullable ? Type | null : Type
type FieldOutput<F> = F extends Field<infer T extends FieldTypes> ? Or<T['value'], T['nullable']> : never
type MemberOutput<Item> =
  Item extends ListOf<infer Output>
    ? readonly Output[]
    : Item extends OrNull<infer Output>
      ? Output | null
      : Item extends Field
        ? FieldOutput<Item>
        : Item extends Serializer<infer Output>
          ? Output
          : never

type Omittable<F> =
  F extends Field<infer T extends FieldTypes> ? (true extends T['nullable'] | T['defaulted'] ? true : false) : true
type FieldInput<F> = F extends Field<infer T extends FieldTypes> ? Or<T['input'], T['nullable']> : never

type PlainOutput<Members extends PlainMembers> = { readonly [Name in keyof Members]: MemberOutput<Members[Name]> }
type PlainInput<Members extends PlainMembers> = {
  readonly [Name in keyof Members as Members[Name] extends Field
    ? Omittable<Members[Name]> extends true
      ? never
      : Name
    : never]: FieldInput<Members[Name]>
} & {
  readonly [Name in keyof Members as Members[Name] extends Field
    ? Omittable<Members[Name]> extends true
      ? Name
      : never
    : never]?: FieldInput<Members[Name]>
}

export interface ModelSerializerOptions<M extends ModelShape> {
  /** The schema's name; the model's by default. */
  readonly name?: string
  /** What is shown and taken, in this order. By default the id, every declared field that is not sensitive, and when the row was made and changed. */
  readonly fields?: readonly ((keyof Row<M> | keyof M['links']) & string)[]
  readonly exclude?: readonly (keyof Row<M> & string)[]
  /** Shown, never taken; besides those that the model says so of. */
  readonly readOnly?: readonly ((keyof Row<M> | keyof M['links']) & string)[]
  readonly writeOnly?: readonly (keyof Row<M> & string)[]
  /** Fields worked out from the row: `initials: computed(text(), (client) => …)`. */
  readonly computed?: Readonly<Record<string, ComputedField<Row<M>>>>
  /** Foreign keys that are shown as the object they point to. They are still given as an id. */
  readonly nested?: Readonly<Record<string, Serializer>>
  /** Looks at all values together; refuses by throwing `validationError({ … })`. */
  readonly validate?: (values: Readonly<Record<string, unknown>>) => void
}

export interface PlainSerializerOptions<Members extends PlainMembers> {
  readonly fields: Members
  readonly validate?: (values: PlainInput<Members>) => void
}

/** A field of a serializer that is worked out from the row. The field tells its type and documentation. */
export function computed<Source>(field: Field, compute: Compute<Source>): ComputedField<Source> {
  return { field, compute }
}

/**
 * Declares what of a model is shown and taken, or a set of fields of its own.
 *
 * @throws {TypeError} if it names a field that the model does not have
 */
export function serializer<M extends ModelShape>(
  model: M,
  options?: ModelSerializerOptions<M>,
): Serializer<Row<M>, Readonly<Record<string, unknown>>>
export function serializer<const Members extends PlainMembers>(
  name: string,
  options: PlainSerializerOptions<Members>,
): Serializer<PlainOutput<Members>, PlainInput<Members>>
export function serializer(
  source: string | ModelShape,
  options: ModelSerializerOptions<ModelShape> | PlainSerializerOptions<PlainMembers> = {},
): Serializer {
  const validate = (options.validate ?? null) as Serializer['validate'] // as: both forms take the parsed values
  if (typeof source === 'string') {
    const { fields } = options as PlainSerializerOptions<PlainMembers> // as: this overload gives them
    const members = Object.entries(fields).map(([name, member]) => plainMember(name, member))
    return { name: source, model: null, members, validate }
  }
  const model = source as unknown as AnyModel // as: every ModelShape is made by model()
  const chosen = options as ModelSerializerOptions<ModelShape> // as: this overload gives them
  return { name: chosen.name ?? model.name, model, members: modelMembers(model, chosen), validate }
}

function plainMember(name: string, member: PlainMember): Member {
  if ('kind' in member) return fieldMember(name, { kind: member.kind, settings: member.settings })
  const base = { type: 'nested', name, column: null } as const
  if ('list' in member) return { ...base, serializer: member.list, isList: true, isNullable: false }
  if ('nullable' in member) return { ...base, serializer: member.nullable, isList: false, isNullable: true }
  return { ...base, serializer: member, isList: false, isNullable: false }
}

/** The fields that a request may give. */
export function writableMembers({ members }: AnySerializer): FieldMember[] {
  return members.filter((member): member is FieldMember => member.type === 'field' && !member.isReadOnly)
}
