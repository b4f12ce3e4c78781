import type { Column } from '../../models/index.ts'

/** How a column's new type takes less than its old one; null if it takes all of it. */
export type Narrowing =
  | { readonly kind: 'length'; readonly max: number }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'decimal'; readonly digits: number; readonly places: number }
  | { readonly kind: 'whole'; readonly least: bigint; readonly most: bigint; readonly hasFractions: boolean }
  /** Each value has to be looked at: a text that becomes a number, and the like. */
  | { readonly kind: 'values' }

type Typed = Pick<Column, 'kind'>

export function narrowing(from: Typed, to: Typed): Narrowing | null {
  const words = choicesOf(to)
  if (words && isText(from)) {
    const known = choicesOf(from)
    return known?.every((word) => words.includes(word)) ? null : { kind: 'choice', words }
  }
  if (isText(from) && isText(to)) return shorterText(from, to)
  if (isNumber(from) && isNumber(to)) return narrowerNumber(from, to)
  return sortOf(from) === sortOf(to) ? null : { kind: 'values' }
}

/** The type in the words of the database that has the most of them. */
const typeOf = ({ kind }: Typed): string => kind.columnType('mysql').toLowerCase()

const sortOf = (typed: Typed): string => typeOf(typed).replace(/\(.*/, '')

const isText = (typed: Typed): boolean => /^(varchar|longtext)/.test(typeOf(typed)) && typed.kind.name !== 'json'

const maxOf = (typed: Typed): number => Number(/^varchar\((\d+)\)/.exec(typeOf(typed))?.[1] ?? Number.POSITIVE_INFINITY)

function choicesOf({ kind }: Typed): readonly string[] | null {
  const [words] = kind.positional
  return kind.name === 'choice' && Array.isArray(words) ? words.map(String) : null
}

function shorterText(from: Typed, to: Typed): Narrowing | null {
  const max = maxOf(to)
  return max < maxOf(from) ? { kind: 'length', max } : null
}

const WHOLE: Readonly<Record<string, readonly [bigint, bigint]>> = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
}

const DECIMAL = /^decimal\((\d+),\s*(\d+)\)/

const isNumber = (typed: Typed): boolean => sortOf(typed) in WHOLE || DECIMAL.test(typeOf(typed))

function narrowerNumber(from: Typed, to: Typed): Narrowing | null {
  const whole = WHOLE[sortOf(to)]
  if (whole) {
    const [least, most] = whole
    const known = WHOLE[sortOf(from)]
    return known && known[0] >= least ? null : { kind: 'whole', least, most, hasFractions: !known }
  }
  const [digits, places] = decimalOf(to)
  const [knownDigits, knownPlaces] = sortOf(from) in WHOLE ? [wholeDigits(from), 0] : decimalOf(from)
  const isWider = places >= knownPlaces && digits - places >= knownDigits - knownPlaces
  return isWider ? null : { kind: 'decimal', digits, places }
}

function decimalOf(typed: Typed): readonly [number, number] {
  const [, digits = 0, places = 0] = DECIMAL.exec(typeOf(typed)) ?? []
  return [Number(digits), Number(places)]
}

const wholeDigits = (typed: Typed): number => String(WHOLE[sortOf(typed)]?.[1] ?? '').length
