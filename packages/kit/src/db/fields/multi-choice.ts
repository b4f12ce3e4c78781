import { assertChoices, notAChoice } from './choice.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind, Json } from './field-kind.ts'
import { jsonColumn } from './json.ts'
import { LIST_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'

export interface MultiChoiceOptions<Value = never> extends CommonOptions<readonly Value[]> {
  /** Words at the least. */
  readonly min?: number
  /** Words at the most. */
  readonly max?: number
}

export type MultiChoiceField<Value extends string> = Field<{
  value: readonly Value[]
  input: readonly Value[]
  lookup: (typeof LIST_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * Some of a list of words, each once and in the order in which they were given; stored as a JSON array. Without `min` it
 * may be empty.
 *
 * @throws {RangeError} if the list is empty, names a word twice, or has a word that is empty or longer than 100 characters
 */
export function multiChoice<const Value extends string>(
  choices: readonly Value[],
  options: MultiChoiceOptions<NoInfer<Value>> = {},
): MultiChoiceField<Value> {
  assertChoices('multiChoice', choices)
  const { min = 0, max = choices.length } = options
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 0 || max < Math.max(1, min) || min > choices.length) {
    throw new RangeError(
      `Cannot declare multiChoice(): min and max must be whole numbers that ${choices.length} words allow, got ${min} and ${max}`,
    )
  }
  return fieldOf(multiChoiceKind(choices, options), options)
}

interface Counts {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

function multiChoiceKind(
  choices: readonly string[],
  { min, max }: Counts,
): FieldKind<readonly string[], readonly string[]> {
  const known = new Set(choices)
  const parse = (input: unknown): readonly string[] | Problem => {
    if (!Array.isArray(input)) return new Problem(`Expected a list of items but got type "${typeof input}".`)
    const words = new Set<string>()
    for (const word of input) {
      if (typeof word !== 'string' || !known.has(word)) return notAChoice(word)
      words.add(word)
    }
    if (min !== undefined && words.size < min) return tooFew(words.size, min)
    if (max !== undefined && words.size > max) return new Problem(`Ensure this field has no more than ${max} elements.`)
    return [...words]
  }
  return {
    name: 'multiChoice',
    positional: [choices],
    params: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
    lookups: LIST_LOOKUPS,
    searchable: false,
    columnType: jsonColumn,
    parse,
    parseText: (text) => parse(text === '' ? [] : text.split(',')),
    encode: (value) => JSON.stringify(value),
    decode: (raw) => JSON.parse(String(raw)) as string[], // as: only this kind has written it
    jsonSource: (raw, dialect) => (dialect === 'sqlite' ? raw : `compactJson(${raw})`),
    schema: schemaOf(choices, { min, max }),
    example: choices.slice(0, Math.max(1, min ?? 0)),
  }
}

const tooFew = (count: number, min: number): Problem =>
  new Problem(count === 0 ? 'This selection may not be empty.' : `Ensure this field has at least ${min} elements.`)

function schemaOf(choices: readonly string[], { min, max }: Counts): { readonly [key: string]: Json } {
  return {
    type: 'array',
    items: { type: 'string', enum: choices },
    ...(min === undefined ? {} : { minItems: min }),
    ...(max === undefined ? {} : { maxItems: max }),
  }
}
