import {
  isTaken,
  MARKS,
  type Mark,
  type MarkedField,
  markedCandidates,
  markedMoments,
  markedWord,
} from './marked-values.ts'

/** From which number on values are made, the first that fits: large ones are one of a kind, small ones are taken anywhere. */
const REACHES = [1_000_000, 10_000, 1000, 100] as const
const LENGTHS = [3, 2, 4, 5, 6, 8, 10] as const
/** A past and a future that nobody has for their own, for fields that take only one of them. */
const YEARS = [2001, 2101] as const

/** What a field may be given, best first, always in this order. What is refused by one rung may be taken by the next. */
export function* sampleLadder(field: MarkedField, mark: Mark, number: number): Generator<unknown> {
  for (const candidate of markedCandidates(field, mark, number)) {
    yield candidate
    if (isTaken(field, candidate)) break
  }
  yield* takesWords(field) ? texts(field, mark, number) : numbers(field, mark, number)
  yield* markedCandidates(field, mark, number)
  for (const year of YEARS) yield* markedMoments({ ...mark, year }, number)
}

/** What is left when nothing made up is taken. */
export function lastSamples({ kind, settings }: MarkedField): readonly unknown[] {
  const { defaultValue } = settings
  const byDefault = typeof defaultValue === 'function' ? [] : [defaultValue]
  return [settings.example, ...byDefault, kind.example, ...(settings.nullable ? [null] : [])]
}

const takesWords = ({ kind }: MarkedField): boolean => kind.searchable

function* texts({ kind }: MarkedField, mark: Mark, number: number): Generator<string> {
  const { min = 0, max = 200 } = kind.params
  const word = markedWord(mark, number)
  const letters = mark.prefix + inLetters(number, 5)
  for (const canary of [word.toUpperCase(), letters, letters.toUpperCase()]) {
    const filler = canary === canary.toUpperCase() ? 'X' : 'x'
    yield canary.padEnd(Number(min), filler).slice(-Number(max))
  }
  yield `${mark.thousands}${String(number).padStart(7, '0')}`
  for (const length of LENGTHS) {
    const short = inLetters(number + mark.thousands * 1000, length)
    yield short.toUpperCase()
    yield short
    yield String(number % 10 ** length).padStart(length, '0')
  }
}

function inLetters(number: number, length: number): string {
  const letter = (at: number): string => String.fromCharCode(97 + (Math.floor(number / 26 ** at) % 26))
  return Array.from({ length }, (_, at) => letter(length - 1 - at)).join('')
}

function* numbers({ kind }: MarkedField, mark: Mark, number: number): Generator<number | string> {
  for (const reach of REACHES) yield* written((mark.thousands * reach) / 10 + (number % (reach / 10)))
  yield* written(number % 10)
  const { min = 0, max } = kind.params
  const lowest = Number(min)
  if (max !== undefined) yield* written(lowest + (number % Math.max(1, Math.floor(Number(max) - lowest) + 1)))
  yield* written(lowest + 1)
  yield* written(lowest)
  yield* written(Object.values(MARKS).length)
}

function* written(number: number): Generator<number | string> {
  yield number
  yield String(number)
}
