import { type Field, type Generated, type Json, Problem } from '../../fields/index.ts'

/** What migrations know of a field: what shapes its column. Labels, help and the like are none of it. */
export interface FieldSignature {
  readonly kind: string
  readonly positional: readonly Json[]
  readonly params: { readonly [option: string]: Json }
  readonly isUnique: boolean
  readonly isNullable: boolean
  /** The default that is the same for every row, if there is one. */
  readonly constantDefault: Json | undefined
  readonly generated: Generated | undefined
}

export function fieldSignature({ kind, settings }: Field): FieldSignature {
  return {
    kind: kind.name,
    positional: kind.positional,
    params: kind.params,
    isUnique: settings.unique === true,
    isNullable: settings.nullable,
    constantDefault: constantDefault({ kind, settings }),
    generated: settings.generated,
  }
}

/** Whether the database computes both from the same, or neither. */
export function isGeneratedAlike(left: Field, right: Field): boolean {
  return JSON.stringify(left.settings.generated) === JSON.stringify(right.settings.generated)
}

export function isSameField(left: Field, right: Field): boolean {
  return JSON.stringify(fieldSignature(left)) === JSON.stringify(fieldSignature(right))
}

function constantDefault({ kind, settings }: Pick<Field, 'kind' | 'settings'>): Json | undefined {
  const { defaultValue } = settings
  if (defaultValue === undefined || defaultValue === null || typeof defaultValue === 'function') return undefined
  return jsonOf(kind.parse(defaultValue))
}

/** A value in its canonical form as JSON that the field takes back, or undefined if it has none. */
export function jsonOf(value: unknown): Json | undefined {
  if (value instanceof Problem) return undefined
  if (typeof value === 'bigint') return String(value)
  const text = JSON.stringify(value)
  return text === undefined ? undefined : (JSON.parse(text) as Json) // as: what JSON.parse gives is JSON
}
