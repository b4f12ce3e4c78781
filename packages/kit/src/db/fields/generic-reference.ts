import { type BigIntegerField, bigInteger } from './big-integer.ts'
import { Field } from './field.ts'
import type { AnyFieldKind, FieldKind } from './field-kind.ts'
import type { IdKind, OnDelete, RelationTarget } from './foreign-key.ts'
import { modelLabel } from './model-label.ts'
import { Problem } from './problem.ts'
import type { TextField } from './text.ts'
import { type UuidField, uuid } from './uuid.ts'

export interface GenericReferenceOptions {
  /** The models that it may point to; `'any'`: every model of the project whose ids are of that kind. */
  readonly to: readonly (() => RelationTarget)[] | 'any'
  readonly onDelete: Exclude<OnDelete, 'set default'>
  /** Lets it point nowhere. */
  readonly optional?: boolean
  /** The kind of id of the models; `'uuid'` by default. */
  readonly id?: IdKind
  /** What these rows are called from each of the models; by default they have no name there. */
  readonly relatedName?: string | false
}

/** What the registry has to know of a reference to any of several models. */
export interface GenericReference {
  readonly name: string
  readonly onDelete: OnDelete
  readonly idKind: IdKind
  /** What the rows are called from the models that it may point to; null: nothing. */
  readonly relatedName: string | null
  /** The labels of the models that it may point to; null: any. */
  readonly labels: () => readonly string[] | null
}

export interface GenericTypeKind extends FieldKind<string, string> {
  readonly generic: GenericReference
}

export const isGenericType = (kind: AnyFieldKind): kind is GenericTypeKind => 'generic' in kind

type Optional<F extends Field> = ReturnType<F['optional']>
type IdField<Options> = Options extends { readonly id: 'bigint' } ? BigIntegerField : UuidField
type Refined<F extends Field, Options> = Options extends { readonly optional: true } ? Optional<F> : F

/** The two fields of a generic reference. */
export type GenericReferenceFields<Name extends string, Options> = {
  readonly [Key in `${Name}_type`]: Refined<TextField, Options>
} & { readonly [Key in `${Name}_id`]: Refined<IdField<Options>, Options> }

/**
 * A reference to a row of any of several models: the label of the model and the id of the row, as two fields to be
 * spread into a model's. Writing it checks that the row is there, in the business; there is no key in the database.
 *
 * @example
 * const fields = { ...genericReference('subject', { to: 'any', onDelete: 'cascade' }) }
 * assert.deepEqual(Object.keys(fields), ['subject_type', 'subject_id'])
 *
 * @throws {TypeError} if it is to be set null but is not optional
 */
export function genericReference<const Name extends string, const Options extends GenericReferenceOptions>(
  name: Name,
  options: Options,
): GenericReferenceFields<Name, Options> {
  const { onDelete, optional = false, id = 'uuid', to, relatedName = false } = options
  if (onDelete === 'set null' && !optional) throw new TypeError(`${name} is set null on delete, so it must be optional`)
  const labels = (): readonly string[] | null => (to === 'any' ? null : to.map((target) => target().label))
  const plain = modelLabel()
  const generic = { name, onDelete, idKind: id, relatedName: relatedName === false ? null : relatedName, labels }
  const type = new Field(typeKind(generic, plain.kind), plain.settings)
  const key: Field = id === 'uuid' ? uuid() : bigInteger()
  const fields = {
    [`${name}_type`]: optional ? type.optional() : type,
    [`${name}_id`]: optional ? key.optional() : key,
  }
  // as: each field is refined at run time by the same options that its type is refined by
  return fields as unknown as GenericReferenceFields<Name, Options>
}

/** To migrations it is a `modelLabel`: which models it may name is no matter of its column. */
function typeKind(generic: GenericReference, plain: AnyFieldKind): GenericTypeKind {
  const parse = (input: unknown): string | Problem => {
    const parsed: unknown = plain.parse(input)
    if (typeof parsed !== 'string') return parsed instanceof Problem ? parsed : new Problem('Not a valid string.')
    const labels = generic.labels()
    return labels === null || labels.includes(parsed) ? parsed : new Problem(`"${parsed}" is not a valid choice.`)
  }
  return {
    ...plain,
    generic,
    parse,
    parseText: parse,
    get schema() {
      const labels = generic.labels()
      return labels === null ? plain.schema : { type: 'string', enum: labels }
    },
    get example() {
      return generic.labels()?.[0] ?? 'clients.Client'
    },
  }
}
