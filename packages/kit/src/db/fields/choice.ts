import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { IDENTITY_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { textColumn } from './text.ts'

export type ChoiceField<Value extends string> = Field<{
  value: Value
  input: Value
  lookup: (typeof IDENTITY_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * One of a list of words.
 *
 * @throws {RangeError} if the list is empty, names a word twice, or has a word that is empty or longer than 100 characters
 */
export function choice<const Value extends string>(
  choices: readonly Value[],
  options: CommonOptions<NoInfer<Value>> = {},
): ChoiceField<Value> {
  assertChoices('choice', choices)
  return fieldOf(choiceKind(choices), options)
}

export function assertChoices(name: string, choices: readonly string[]): void {
  const isBad = (word: string): boolean => word === '' || word.length > 100
  if (choices.length === 0 || new Set(choices).size !== choices.length || choices.some(isBad)) {
    throw new RangeError(
      `Cannot declare ${name}(): needs different words of 1 to 100 characters, got ${JSON.stringify(choices)}`,
    )
  }
}

function choiceKind(choices: readonly string[]): FieldKind<string, string> {
  const known = new Set(choices)
  const parse = (input: unknown): string | Problem =>
    typeof input === 'string' && known.has(input) ? input : notAChoice(input)
  return {
    name: 'choice',
    positional: [choices],
    params: {},
    lookups: IDENTITY_LOOKUPS,
    searchable: false,
    columnType: (dialect) => textColumn(dialect, columnLength(choices)),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: String,
    jsonSource: (raw) => `quote(${raw})`,
    schema: { type: 'string', enum: choices },
    example: choices[0] ?? '',
  }
}

/** Room for the longest word, in steps of 20, so that a new choice seldom changes the column. */
const columnLength = (choices: readonly string[]): number =>
  Math.ceil(Math.max(...choices.map((word) => word.length)) / 20) * 20

export const notAChoice = (input: unknown): Problem => new Problem(`${shown(input)} is not a valid choice.`)

function shown(input: unknown): string {
  const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? typeof input)
  return `"${text.length > 100 ? `${text.slice(0, 100)}…` : text}"`
}
