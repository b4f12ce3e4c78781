import { validationError } from '../base/index.ts'
import { checkedValue, Problem } from '../db/index.ts'
import type { FieldMember } from './member.ts'
import { type AnySerializer, writableMembers } from './serializer.ts'

export type InputValues = Readonly<Record<string, unknown>>

export interface InputRules {
  readonly serializer: AnySerializer
  /** Whether fields may be left out, as in PATCH. */
  readonly isPartial: boolean
  /** Whether defaults fill in what is left out. */
  readonly hasDefaults: boolean
}

/** Checks a body and gives its values in the form of their kinds. Compiled once for each use of a serializer. */
export type InputParser = (body: unknown) => InputValues

/** Unknown fields that are named at the most: a body has room for very many, and the answer would be many times its size. */
const MOST_UNKNOWN = 50

/**
 * Makes the parser of a serializer's input.
 *
 * The parser throws `validation_failed` with every bad field at once: what is missing, null, of the wrong form, read-only
 * or unknown.
 */
export function inputParser({ serializer, isPartial, hasDefaults }: InputRules): InputParser {
  const writable = new Map(writableMembers(serializer).map((member) => [member.name, member]))
  const readOnly = new Set(serializer.members.map(({ name }) => name).filter((name) => !writable.has(name)))
  const required = isPartial ? [] : [...writable.values()].filter((member) => member.isRequired)
  const allowed = [...writable.keys()].join(', ')
  return (body) => {
    const given = objectOf(body)
    const values: Record<string, unknown> = {}
    const errors: Record<string, readonly string[]> = {}
    let unknown = 0
    for (const name of Object.keys(given)) {
      const member = writable.get(name)
      if (member) takeValue(member, given[name], { values, errors })
      else if (readOnly.has(name)) errors[name] = ['This field is read-only.']
      else if (++unknown <= MOST_UNKNOWN) errors[name] = [`Unknown field. Allowed: ${allowed}.`]
    }
    for (const { name } of required) if (!Object.hasOwn(given, name)) errors[name] = ['This field is required.']
    if (Object.keys(errors).length > 0) throw validationError(errors)
    if (hasDefaults) fillDefaults(writable, values)
    serializer.validate?.(values)
    return values
  }
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) return {}
  if (body === null) throw validationError({ non_field_errors: ['No data provided'] })
  if (typeof body === 'object' && !Array.isArray(body)) return body as Readonly<Record<string, unknown>> // as: just seen
  const word = Array.isArray(body) ? 'list' : typeof body
  throw validationError({ non_field_errors: [`Invalid data. Expected a dictionary, but got ${word}.`] })
}

interface Taken {
  readonly values: Record<string, unknown>
  readonly errors: Record<string, readonly string[]>
}

function takeValue(member: FieldMember, value: unknown, { values, errors }: Taken): void {
  const parsed: unknown = value === null ? nullOf(member) : checkedValue(member, value)
  if (parsed instanceof Problem) errors[member.name] = parsed.messages
  else values[member.name] = parsed
}

const nullOf = ({ settings }: FieldMember): Problem | null =>
  settings.nullable ? null : new Problem('This field may not be null.')

function fillDefaults(writable: ReadonlyMap<string, FieldMember>, values: Record<string, unknown>): void {
  for (const { name, settings } of writable.values()) {
    if (name in values) continue
    const { defaultValue } = settings
    if (defaultValue !== undefined) values[name] = typeof defaultValue === 'function' ? defaultValue() : defaultValue
    else if (settings.nullable) values[name] = null
  }
}
