import { type AnyFieldKind, type FieldSettings, type Json, type JsonSchema, Problem, wireText } from '../db/index.ts'

export interface DocumentedField {
  readonly kind: AnyFieldKind
  readonly settings: FieldSettings
}

/** The schema of a field's value, before null and words are added. */
export const valueSchema = ({ kind }: DocumentedField): JsonSchema => standardSchema(kind.schema)

/** A schema in words that mean the same to every reader: the standard's `time` has a zone, which ours has not. */
export function standardSchema({ format, ...schema }: JsonSchema): JsonSchema {
  return format === undefined || format === 'time' ? schema : { ...schema, format }
}

/** The same schema, which also takes null. */
export function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: choices } = schema
  if ('$ref' in schema || 'anyOf' in schema) return { anyOf: [schema, { type: 'null' }] }
  if (typeof type !== 'string') return schema
  return { ...schema, type: [type, 'null'], ...(Array.isArray(choices) ? { enum: [...choices, null] } : {}) }
}

/** What people are told of a field. */
export function wordsOf({ label, help }: FieldSettings): JsonSchema {
  return { ...(label === undefined ? {} : { title: label }), ...(help === undefined ? {} : { description: help }) }
}

/** The default of a field in the form of JSON; nothing where each row is given one of its own. */
export function defaultOf({ kind, settings }: DocumentedField): { readonly default?: Json } {
  const { defaultValue } = settings
  if (defaultValue === undefined || typeof defaultValue === 'function') return {}
  if (defaultValue === null) return { default: null }
  const parsed: unknown = kind.parse(defaultValue)
  return parsed instanceof Problem ? {} : { default: wireForm(kind, parsed) }
}

/** An example of a field's value that its own schema takes. */
export function exampleOf({ kind, settings }: DocumentedField): Json {
  if (settings.example !== undefined) return settings.example
  const { example, schema } = kind
  if (typeof example !== 'string') return example
  const { maxLength, minLength } = schema
  const cut = typeof maxLength === 'number' ? example.slice(0, maxLength) : example
  return typeof minLength === 'number' ? cut.padEnd(minLength, 'a') : cut
}

function wireForm(kind: AnyFieldKind, parsed: unknown): Json {
  if (typeof parsed === 'bigint') return String(parsed)
  if (kind.name === 'datetime') return wireText(String(parsed))
  return parsed as Json // as: what the other kinds parse is JSON already
}
