import type { Parameter } from '../../rest/index.ts'
import { type CastRow, placeholder } from './cast.ts'
import { idOf, type Scene } from './scene.ts'

/** The values that a parameter documents: its choices, both truths, its bounds. Empty where anything goes. */
export function valuesFor({ schema, isList }: Parameter): string[] {
  if (Array.isArray(schema.enum)) {
    const choices = schema.enum.map(String)
    return isList ? [...choices, choices.slice(0, 3).join()] : choices
  }
  if (schema.type === 'boolean') return ['true', 'false']
  if (schema.type === 'integer' && schema.minimum !== undefined) return [String(schema.minimum), '2', '7']
  return []
}

/** Values of rows for a parameter: those of the fields that its name speaks of, and, for texts, all that can be looked for. */
export function foreignValues(scene: Scene, parameter: Parameter, rows: readonly CastRow[]): string[] {
  const { name, isList } = parameter
  if (Array.isArray(parameter.schema.enum) || parameter.schema.type === 'boolean') return []
  const words = new Set(name.split('__'))
  const spoken = rows.flatMap(({ values }) => Object.entries(values).filter(([field]) => words.has(field)))
  const ids = words.has('id') ? rows.map(idOf) : []
  const texts = name === 'search' || name === 'cursor' ? rows.flatMap(({ values }) => Object.entries(values)) : []
  const people = scene.cast.users.filter(({ side }) => side !== 'a').map(({ key }) => placeholder(key))
  const found = [...spoken, ...texts].map(([, value]) => textOf(value)).filter((text) => text !== null)
  const all = [...new Set([...found, ...ids, ...(found.length === 0 ? people : [])])].slice(0, 12)
  if (!isList) return name.endsWith('with') || name.endsWith('contains') ? all.flatMap(partsOf) : all
  return all.map((value, at) => `${value},${all[(at + 1) % all.length] ?? value}`)
}

/** The value as a parameter has it; null for one that none can have. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '' || typeof value === 'object') return null
  return String(value)
}

/** A text, and its beginning and its end: what a search guesses letter by letter. */
const partsOf = (value: string): string[] => [value, value.slice(0, 4), value.slice(0, 7), value.slice(-3)]
