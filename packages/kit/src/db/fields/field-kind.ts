import type { DialectName, DriverValue, RawValue } from '../dialects/index.ts'
import type { Lookup } from './lookup.ts'
import type { Problem } from './problem.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonSchema = { readonly [key: string]: Json }

/**
 * One kind of field: how it is stored, checked, filtered, documented and turned into JSON. A field of a model is a kind
 * with options. `Value` is what a row holds, `Input` what may be written.
 */
export interface FieldKind<Value = unknown, Input = unknown> {
  /** The name of the function that makes it: `text`, `decimal`. */
  readonly name: string
  /** Arguments of that function before its options, as migrations print them: the choices, the target of a foreign key. */
  readonly positional: readonly Json[]
  /** Options that shape the column, as migrations print them: `{ max: 200 }`. */
  readonly params: { readonly [option: string]: Json }
  readonly lookups: readonly Lookup[]
  /** Whether `search` may look into it. */
  readonly searchable: boolean
  columnType(dialect: DialectName): string
  /** Checks a value from a JSON body or from app code and gives its canonical form. Never called with null. */
  parse(input: unknown): Input | Problem
  /** The same for the text of a query parameter. */
  parseText(text: string): Input | Problem
  encode(value: Input, dialect: DialectName): DriverValue
  decode(raw: NonNullable<RawValue>, dialect: DialectName): Value
  /**
   * JavaScript source of an expression that turns the driver's value, named by `raw` and not null, into JSON text.
   * It may call `quote(text)`, which makes a JSON string, and the functions of `CODEC_FUNCTIONS`.
   */
  jsonSource(raw: string, dialect: DialectName): string
  readonly schema: JsonSchema
  readonly example: Json
}

/** A kind whose types are not known here. */
// biome-ignore lint/suspicious/noExplicitAny: a kind is contravariant in its input, so only `any` holds every kind
export type AnyFieldKind = FieldKind<any, any>
