import type { AnyFieldKind, Json } from './field-kind.ts'
import { type Generated, type GeneratedOptions, type GeneratedSql, generatedFrom } from './generated.ts'
import type { Lookup } from './lookup.ts'
import { Problem } from './problem.ts'
import { checkedValue, type Validator } from './validator.ts'

/** What the compiler knows of a field. */
export interface FieldTypes {
  readonly value: unknown
  readonly input: unknown
  readonly lookup: Lookup
  readonly nullable: boolean
  readonly defaulted: boolean
  /** The model that a foreign key points to; `never` for other kinds. */
  readonly target: unknown
}

/** Options that every field takes. `Value` is what its validators get. */
export interface CommonOptions<Value = never> {
  /** One value per business (per table on a global model), among rows not deleted. */
  readonly unique?: boolean
  readonly label?: string
  readonly help?: string
  /** A value for the documentation. */
  readonly example?: Json
  /** Shown by the API, never taken from it. */
  readonly readOnly?: boolean
  /** Taken by the API, never shown. */
  readonly writeOnly?: boolean
  /** Neither shown, filtered, searched, sorted by nor logged. */
  readonly sensitive?: boolean
  /** Checks of one's own, which run after those of the kind wherever a value is written. */
  readonly validators?: readonly Validator<Value>[]
  /** The name that the field had before: `makemigrations` then renames its column instead of making a new one. */
  readonly renamedFrom?: string
}

export interface FieldSettings extends CommonOptions {
  readonly nullable: boolean
  /** A value, or a function that makes one for each row. */
  readonly defaultValue?: unknown
  /** What the database computes it from; then it is never written. */
  readonly generated?: Generated
}

type Changed<Types extends FieldTypes, Change> = Omit<Types, keyof Change> & Change

/** A declared field. Made by `text()`, `decimal()` and the like; refined by `optional()` and `default()`. */
export class Field<Types extends FieldTypes = FieldTypes> {
  /** Only for the compiler; never set. */
  declare readonly types: Types
  readonly kind: AnyFieldKind
  readonly settings: FieldSettings

  constructor(kind: AnyFieldKind, settings: FieldSettings) {
    this.kind = kind
    this.settings = Object.freeze(settings)
  }

  /** Lets the field be null, and be left out when a row is made. */
  optional(): Field<Changed<Types, { readonly nullable: true }>> {
    return new Field(this.kind, { ...this.settings, nullable: true })
  }

  /**
   * Fills the field when it is left out: with `value`, or with what it returns if it is a function.
   *
   * @throws {TypeError} if a plain value is not one that the field takes, or the database computes the field
   */
  default(value: Types['input'] | (() => Types['input'])): Field<Changed<Types, { readonly defaulted: true }>> {
    if (this.settings.generated) throw new TypeError('Cannot give a default to a field that the database computes')
    if (typeof value !== 'function' && value !== null) assertTaken(this, value)
    return new Field(this.kind, { ...this.settings, defaultValue: value })
  }

  /**
   * Lets the database compute the field from others of the same row. It is read, filtered, sorted and indexed like any
   * other, and never written. It may be null: what SQL makes of its operands is not known here. Fields stand in braces:
   * `decimal({ digits: 14, places: 2 }).generated('{quantity} * {price}')`.
   *
   * @throws {TypeError} if an expression is missing or names no field, or the field has a default or is a foreign key
   */
  generated(
    as: GeneratedSql,
    options: GeneratedOptions = {},
  ): Field<Changed<Types, { readonly nullable: true; readonly generated: true }>> {
    const { kind, settings } = this
    if (settings.defaultValue !== undefined || kind.name === 'foreignKey') {
      throw new TypeError(`Cannot generate a field that is a foreign key or has a default, got ${kind.name}()`)
    }
    const generated = generatedFrom(as, options)
    return new Field(kind, { ...settings, nullable: true, readOnly: true, generated })
  }

  /** Whether a row can be made without a value for it. */
  get isRequired(): boolean {
    return !this.settings.nullable && this.settings.defaultValue === undefined
  }
}

function assertTaken({ kind, settings }: Field, value: unknown): void {
  const parsed = checkedValue({ kind, settings }, value)
  if (parsed instanceof Problem) {
    throw new TypeError(`Cannot use ${String(value)} as the default of ${kind.name}(): ${parsed.messages.join(' ')}`)
  }
}

/** A field from its kind and the options that its function was given. */
export function fieldOf<Types extends FieldTypes>(kind: AnyFieldKind, options: CommonOptions): Field<Types> {
  const { unique, label, help, example, readOnly, writeOnly, sensitive, validators, renamedFrom } = options
  const given = { unique, label, help, example, readOnly, writeOnly, sensitive, validators, renamedFrom }
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return new Field(kind, { ...settings, nullable: false })
}
