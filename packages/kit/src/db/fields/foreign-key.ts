import { bigIntegerKind } from './big-integer.ts'
import { type CommonOptions, Field, fieldOf } from './field.ts'
import type { AnyFieldKind, FieldKind, JsonSchema } from './field-kind.ts'
import { IDENTITY_LOOKUPS } from './lookup.ts'
import { UUID_KIND } from './uuid.ts'

/** What becomes of a row when the row that it points to is deleted. */
export type OnDelete = 'cascade' | 'protect' | 'restrict' | 'set null' | 'set default' | 'do nothing'

export type IdKind = 'uuid' | 'bigint'

/** What a foreign key has to know of the model that it points to. Every model is one. */
export interface RelationTarget {
  readonly label: string
  readonly idKind: IdKind
}

export interface ForeignKeyOptions<Id = never> extends CommonOptions<Id> {
  readonly onDelete: OnDelete
  /**
   * What these rows are called from the row that they point to, in filters and `with()`: the model's name in snake_case
   * unless it is said here. `false`: the way back has no name.
   */
  readonly relatedName?: string | false
  /** The kind of id of a target that is given by its label; a model tells it itself. */
  readonly id?: IdKind
}

/** Stands for the model itself where a field of it points to its own rows. */
export interface Self {
  readonly isSelf: true
}

export type ForeignKeyField<Target, Id = string> = Field<{
  value: Id
  input: Id
  lookup: (typeof IDENTITY_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: Target
}>

type Named<Kind extends IdKind> = ForeignKeyOptions<KeyOf<Kind>> & { readonly id?: Kind }
type KeyOf<Kind extends IdKind> = [Kind] extends ['bigint'] ? bigint : string
type IdOf<Target> = Target extends { readonly idKind: infer Kind extends IdKind } ? KeyOf<Kind> : string

/**
 * A reference to a row of another model, of the same business if that model has one. Give the model as a function, since
 * models may point at each other; models that do so in a circle need one side typed: `foreignKey((): AnyModel => Team, …)`.
 * `'self'` is the model that the field belongs to.
 *
 * @example
 * const owner = foreignKey('account.User', { onDelete: 'set null' }).optional()
 * assert.equal(owner.settings.nullable, true)
 */
export function foreignKey<Kind extends IdKind = 'uuid'>(
  target: 'self',
  options: Named<Kind>,
): ForeignKeyField<Self, KeyOf<Kind>>
export function foreignKey<Kind extends IdKind = 'uuid'>(
  target: string,
  options: Named<Kind>,
): ForeignKeyField<RelationTarget, KeyOf<Kind>>
export function foreignKey<Target extends RelationTarget>(
  target: () => Target,
  options: ForeignKeyOptions<IdOf<Target>>,
): ForeignKeyField<Target, IdOf<Target>>
export function foreignKey(target: (() => RelationTarget) | string, options: ForeignKeyOptions): Field {
  return fieldOf(foreignKeyKind(target, options), options)
}

/**
 * A reference that only one row may have to another: a foreign key that is unique. Seen from the other side it is one row
 * or none.
 *
 * @example
 * const passport = oneToOne('travel.Person', { onDelete: 'cascade', relatedName: 'passport' })
 * assert.equal(passport.settings.unique, true)
 */
export function oneToOne<Kind extends IdKind = 'uuid'>(
  target: 'self',
  options: Omit<Named<Kind>, 'unique'>,
): ForeignKeyField<Self, KeyOf<Kind>>
export function oneToOne<Kind extends IdKind = 'uuid'>(
  target: string,
  options: Omit<Named<Kind>, 'unique'>,
): ForeignKeyField<RelationTarget, KeyOf<Kind>>
export function oneToOne<Target extends RelationTarget>(
  target: () => Target,
  options: Omit<ForeignKeyOptions<IdOf<Target>>, 'unique'>,
): ForeignKeyField<Target, IdOf<Target>>
export function oneToOne(target: (() => RelationTarget) | string, options: Omit<ForeignKeyOptions, 'unique'>): Field {
  const unique = { ...options, unique: true }
  return fieldOf(foreignKeyKind(target, unique), unique)
}

/** A field that points to its own model, told which that is; any other field as it is. */
export function boundToSelf(field: Field, { label, idKind }: RelationTarget): Field {
  if (!isForeignKey(field.kind) || !field.kind.isSelf) return field
  const { onDelete, relatedName, idKind: declared } = field.kind
  if (declared !== idKind) throw new TypeError(`${label} points to itself: say id: '${idKind}' of its foreign key`)
  return new Field(
    foreignKeyKind(label, { onDelete, id: idKind, ...(relatedName === undefined ? {} : { relatedName }) }),
    field.settings,
  )
}

export interface ForeignKeyKind extends FieldKind {
  readonly name: 'foreignKey'
  readonly targetLabel: string
  readonly onDelete: OnDelete
  /** What the way back is called; undefined: by the model's name; false: it has no name. */
  readonly relatedName: string | false | undefined
  readonly idKind: IdKind
  /** Whether it was given as 'self', and waits to be told its model. */
  readonly isSelf: boolean
}

export function isForeignKey(kind: AnyFieldKind): kind is ForeignKeyKind {
  return kind.name === 'foreignKey'
}

const BIGINT_ID = bigIntegerKind('bigInteger')

/** The kind of an id column, which foreign keys to it share. */
export const idFieldKind = (kind: IdKind): AnyFieldKind => (kind === 'uuid' ? UUID_KIND : BIGINT_ID)

function foreignKeyKind(target: (() => RelationTarget) | string, options: ForeignKeyOptions): ForeignKeyKind {
  // The target is asked only when it is needed: while models load, it may not be declared yet.
  const label = (): string => (typeof target === 'string' ? target : target().label)
  const idKind = (): IdKind => (typeof target === 'string' ? (options.id ?? 'uuid') : target().idKind)
  const id = (): AnyFieldKind => idFieldKind(idKind())
  return {
    name: 'foreignKey',
    onDelete: options.onDelete,
    relatedName: options.relatedName,
    isSelf: target === 'self',
    get targetLabel() {
      return label()
    },
    get idKind() {
      return idKind()
    },
    get positional() {
      return [label()]
    },
    get params() {
      return { onDelete: options.onDelete, ...(idKind() === 'bigint' ? { id: 'bigint' } : {}) }
    },
    lookups: IDENTITY_LOOKUPS,
    searchable: false,
    columnType: (dialect) => id().columnType(dialect),
    parse: (input) => id().parse(input),
    parseText: (text) => id().parseText(text),
    encode: (value, dialect) => id().encode(value, dialect),
    decode: (raw, dialect) => id().decode(raw, dialect),
    jsonSource: (raw, dialect) => id().jsonSource(raw, dialect),
    get schema(): JsonSchema {
      return id().schema
    },
    get example() {
      return id().example
    },
  }
}
