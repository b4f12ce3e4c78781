import { type Column, checkedValue, type Json, type JsonSchema, Problem } from '../../db/index.ts'

/** Whose values are made: texts begin with `prefix`, dates lie in `year`, numbers in a range of their own. */
export interface Mark {
  readonly prefix: string
  readonly year: number
  readonly thousands: number
}

/** What must come to light nowhere: its texts are canaries, its dates and numbers lie where nothing else does. */
export const MARKS = {
  a: { prefix: 'owna', year: 2021, thousands: 1 },
  b: { prefix: 'knby', year: 2187, thousands: 7 },
  c: { prefix: 'kncy', year: 2188, thousands: 8 },
} as const satisfies Record<string, Mark>

/** Every canary in a text. */
export const CANARIES = /kn[bc]y[0-9a-z]{5}/gi

/** Every moment of the reserved years in a text. */
export const RESERVED_DATES = /\b218[78]-\d\d-\d\d/g

/** A word that no other number gives, of nine letters and digits. */
export const markedWord = ({ prefix }: Mark, number: number): string =>
  `${prefix}${number.toString(36).padStart(5, '0')}`

/** A field of a model or a serializer. */
export type MarkedField = Pick<Column, 'kind' | 'settings'>

/** Whether a field takes a value. */
export const isTaken = (field: MarkedField, candidate: unknown): boolean =>
  candidate !== undefined &&
  (candidate === null ? field.settings.nullable === true : !(checkedValue(field, candidate) instanceof Problem))

/**
 * Values of which a field takes one if it takes whatever its kind does, different for every number where the kind has room
 * for it. They go by what the kind takes alone, so that a new kind needs nothing here.
 */
export function* markedCandidates({ kind }: MarkedField, mark: Mark, number: number): Generator<unknown> {
  const word = markedWord(mark, number)
  yield* enumerated(kind.schema, number)
  yield { note: word, number: reservedNumber(mark, number) }
  const { min = 0, max = 200 } = kind.params
  yield word.padEnd(Number(min), 'x').slice(-Number(max))
  yield `${word}@isolation.test`
  yield `https://isolation.test/${word}`
  yield `${word}.txt`
  yield `${word}.jpg`
  yield* addresses(mark, number)
  yield* markedMoments(mark, number)
  yield* numbers(mark, number)
  yield number % 2 === 0
  yield [word]
}

function* enumerated({ enum: choices, items }: JsonSchema, number: number): Generator<unknown> {
  if (Array.isArray(choices) && choices.length > 0) yield choices[number % choices.length]
  if (isSchema(items) && Array.isArray(items.enum)) yield [items.enum[number % items.enum.length]]
}

const isSchema = (value: Json | undefined): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function* addresses({ thousands }: Mark, number: number): Generator<string> {
  yield `+97317${thousands}${String(number).padStart(5, '0')}`
  yield `00000000-0000-7${thousands}00-8000-${number.toString(16).padStart(12, '0')}`
  yield `198.1${thousands}.${(number >> 8) & 255}.${number & 255}`
}

/** Moments of the year that is a mark's own. */
export function* markedMoments({ year }: Pick<Mark, 'year'>, number: number): Generator<string> {
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = `${year}-${two(1 + (Math.floor(number / 28) % 12))}-${two(1 + (number % 28))}`
  const time = `${two(Math.floor(number / 3600) % 24)}:${two(Math.floor(number / 60) % 60)}:${two(number % 60)}`
  yield `${date}T${time}Z`
  yield date
  yield time
  yield `${year + number} ${time}`
  yield `P${year + number}DT0S`
}

const reservedNumber = ({ thousands }: Mark, number: number): number => thousands * 100_000_000 + number

function* numbers(mark: Mark, number: number): Generator<string | number> {
  const large = reservedNumber(mark, number)
  yield large
  yield `${large}`
  yield `${mark.thousands}${String(number % 1_000_000).padStart(6, '0')}.37`
  yield mark.thousands * 4000 + (number % 700)
  yield `${mark.thousands}${number % 1000}.5`
  yield mark.thousands * 10 + (number % 10)
  yield `0.${mark.thousands}${number}`
}
