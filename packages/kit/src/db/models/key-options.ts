import type { DatetimeField, Field } from '../fields/index.ts'
import type { FieldReference } from './field-expression.ts'
import type { Check, Index, IndexExpression, IndexMethod, UniqueSet } from './model-keys.ts'
import type { Fields } from './model-types.ts'
import { type AnyCondition, type OwnLookup, plainCondition } from './own-condition.ts'
import { isQ, type Q } from './q.ts'

type FieldName<F extends Fields> = keyof F & string
export type Sortable<F extends Fields> = FieldName<F> | 'id' | 'created_at' | 'updated_at'
export type Signed<Name extends string> = Name | `-${Name}`

type Conditional<F extends Fields> = F & { readonly created_at: DatetimeField; readonly updated_at: DatetimeField }

type ConditionKeys<F extends Fields> = {
  [Name in keyof F & string]: Name | `${Name}__${F[Name]['types']['lookup'] & OwnLookup}`
}[keyof F & string]

type Against<Of extends Field, Asked> = Asked extends 'in'
  ? readonly Of['types']['input'][]
  : Asked extends 'range'
    ? readonly [Of['types']['input'], Of['types']['input']]
    : Asked extends 'isnull'
      ? boolean
      : Of['types']['input'] | FieldReference

type ConditionValue<F extends Fields, Key> = Key extends keyof F
  ? F[Key]['types']['input'] | FieldReference | null
  : Key extends `${infer Name extends keyof F & string}__${infer Asked}`
    ? Against<F[Name], Asked>
    : never

/**
 * Conditions over a model's own columns, all of which hold: `{ status: 'active', credit__gte: 0 }`. While the compiler does
 * not know the fields yet, nothing fits: else `q.not(…)` would take them for fields of any name.
 */
export type ColumnFilter<F extends Fields> = string extends keyof F
  ? never
  : { readonly [Key in ConditionKeys<Conditional<F>>]?: ConditionValue<Conditional<F>, Key> }

/** A condition that a table can keep to: over the row's own columns, also with `q.or`, `q.and` and `q.not`. */
export type ColumnCondition<F extends Fields> = ColumnFilter<F> | Q<ColumnFilter<F>>

export interface UniqueOptions<F extends Fields> {
  readonly fields: readonly FieldName<F>[]
  /** Only among the rows that meet this. */
  readonly where?: ColumnCondition<F>
  /** The name of the key in the database; made from the fields by default. */
  readonly name?: string
  /** What a client is told whose row is refused. */
  readonly message?: string
}

export interface IndexOptions<F extends Fields> {
  readonly fields?: readonly Signed<Sortable<F>>[]
  /** What to sort by behind the fields: `lower(email)`, or SQL for each database. */
  readonly expression?: IndexExpression
  /** Only for the rows that meet this. MySQL has an index of all rows instead. */
  readonly where?: ColumnCondition<F>
  /** Fields to keep in the index, to be read from there. Only PostgreSQL does. */
  readonly include?: readonly Sortable<F>[]
  /** `gin` finds what lists and JSON contain. Only PostgreSQL has it: the others have no index instead. */
  readonly using?: IndexMethod
  readonly name?: string
}

export interface CheckOptions<F extends Fields> {
  readonly where: ColumnCondition<F>
  readonly message: string
}

/** A unique set, an index or a check, whatever fields it is about. */
export type AnyUniqueOptions = Pick<UniqueSet, 'fields'> & Partial<Given<Omit<UniqueSet, 'fields'>>>
export type AnyIndexOptions = Partial<Given<Index>>
export type AnyCheckOptions = AnyCondition | WithMessage

interface WithMessage {
  readonly where: AnyCondition
  readonly message: string
}

type Given<Declared> = { [Name in keyof Declared]: NonNullable<Declared[Name]> }

export function uniqueSetOf(given: readonly string[] | AnyUniqueOptions): UniqueSet {
  const options = isNames(given) ? { fields: given } : given
  const { fields, where, name = null, message = null } = options
  return Object.freeze({ fields, where: where ? plainCondition(where) : null, name, message })
}

export function indexOf(given: readonly string[] | AnyIndexOptions): Index {
  const options: AnyIndexOptions = isNames(given) ? { fields: given } : given
  const { fields = [], expression = null, where, include = [], using = 'btree', name = null } = options
  return Object.freeze({ fields, expression, where: where ? plainCondition(where) : null, include, using, name })
}

export function checkOf(name: string, given: AnyCheckOptions): Check {
  const { where, message } = isWithMessage(given) ? given : { where: given, message: null }
  return Object.freeze({ name, where: plainCondition(where), message })
}

function isWithMessage(given: AnyCheckOptions): given is WithMessage {
  if (isQ(given) || !('where' in given) || !('message' in given)) return false
  const { where, message } = given
  return typeof where === 'object' && where !== null && !Array.isArray(where) && typeof message === 'string'
}

/** `Array.isArray` does not narrow readonly arrays. */
function isNames(given: readonly string[] | object): given is readonly string[] {
  return Array.isArray(given)
}

/** The shortest way to declare a unique set: a list of fields where it has nothing special. */
export function uniqueArgument({ fields, where, name }: UniqueSet): readonly string[] | AnyUniqueOptions {
  if (where === null && name === null) return fields
  return { fields, ...(where ? { where } : {}), ...(name === null ? {} : { name }) }
}

export function indexArgument(index: Index): readonly string[] | AnyIndexOptions {
  const { fields, expression, where, include, using, name } = index
  const special = {
    ...(expression === null ? {} : { expression }),
    ...(where ? { where } : {}),
    ...(include.length === 0 ? {} : { include }),
    ...(using === 'btree' ? {} : { using }),
    ...(name === null ? {} : { name }),
  }
  if (Object.keys(special).length === 0) return fields
  return { ...(fields.length === 0 ? {} : { fields }), ...special }
}
