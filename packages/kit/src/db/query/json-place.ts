import type { DialectName, DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import type { JsonStep, JsonView } from './column-view.ts'
import type { Comparison, Condition, ItemCondition, Operator } from './condition.ts'
import type { FieldPath } from './field-path.ts'

/** A place inside a JSON column, or inside an item of a list in it. */
export interface JsonPlace {
  readonly path: FieldPath
  readonly from: JsonView['from']
  readonly steps: readonly JsonStep[]
  readonly dialect: DialectName
}

export const MAX_STEPS = 20
const MAX_KEY_LENGTH = 200

/** Reads the steps of a filter's key: a whole number is the place of an item in a list, anything else a key. */
export function jsonSteps(words: readonly string[]): readonly JsonStep[] | Problem {
  if (words.length > MAX_STEPS) return new Problem(`A path into JSON has ${MAX_STEPS} steps at the most.`)
  const flaw = words.map(keyFlaw).find((found) => found !== null)
  if (flaw) return new Problem(flaw)
  return words.map((word) => (/^(?:0|[1-9]\d{0,5})$/.test(word) ? Number(word) : word))
}

/** Why a key cannot be looked for on every database, or null. */
export function keyFlaw(key: string): string | null {
  if (key === '') return 'A key may not be empty.'
  if (key.length > MAX_KEY_LENGTH) return `A key has ${MAX_KEY_LENGTH} characters at the most.`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return /["\\\u0000-\u001f\ud800-\udfff]/.test(key.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
    ? 'A key that is looked for may hold no quotes, backslashes and control characters.'
    : null
}

export const below = (place: JsonPlace, step: JsonStep): JsonPlace => ({ ...place, steps: [...place.steps, step] })

export interface LeafParts {
  readonly as: JsonView['as']
  readonly operator: Operator
  readonly values?: readonly DriverValue[]
  readonly foldsUnicode?: boolean
}

/** One comparison of what is found at a place. */
export function leaf(place: JsonPlace, { as, operator, values = [], foldsUnicode = false }: LeafParts): Comparison {
  const { path, from, steps } = place
  return {
    path,
    view: { type: 'json', as, from, steps },
    operator,
    values: [...pathValues(place), ...values],
    foldsUnicode,
  }
}

/** That a list at a place has an item that meets what `where` makes of it. */
export function anyItem(place: JsonPlace, where: (item: JsonPlace) => Condition): ItemCondition {
  const { path, from, steps } = place
  const view: JsonView = { type: 'json', as: 'value', from, steps }
  return { items: { path, view, values: pathValues(place) }, where: where({ ...place, from: 'item', steps: [] }) }
}

/**
 * The values of a view, in the order in which `jsonViewSql` takes them: on PostgreSQL each step; elsewhere the path, and on
 * MySQL before it the paths of what must be lists, since there `$[0]` of anything else is the thing itself.
 */
function pathValues({ steps, dialect }: JsonPlace): DriverValue[] {
  if (dialect === 'postgresql') return steps.map(String)
  const lists = steps.flatMap((step, at) => (typeof step === 'number' ? [pathText(steps.slice(0, at))] : []))
  return dialect === 'mysql' ? [...lists, pathText(steps)] : [pathText(steps)]
}

const pathText = (steps: readonly JsonStep[]): string =>
  `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step}"`)).join('')}`

/** How many values a view takes. */
export function viewSlots({ steps }: JsonView, dialect: DialectName): number {
  if (dialect === 'postgresql') return steps.length
  return dialect === 'mysql' ? 1 + steps.filter((step) => typeof step === 'number').length : 1
}
