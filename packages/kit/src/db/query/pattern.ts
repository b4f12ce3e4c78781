import { Problem } from '../fields/index.ts'

/** Code points from one to another, both included. */
export type CharRange = readonly [number, number]

/** A pattern that was understood. Characters are sets, so that each database is told them in the same words. */
export type PatternNode =
  | { readonly type: 'set'; readonly ranges: readonly CharRange[]; readonly isNegated: boolean }
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  | { readonly type: 'sequence' | 'either'; readonly parts: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number | null }

const MAX_LENGTH = 200
const MAX_REPEAT = 100
/** What a repetition of repetitions may come to; RE2 takes no more. */
const MAX_PRODUCT = 1000
const MAX_DEPTH = 20

/**
 * Reads a pattern of the syntax that all databases share: characters, `.`, `[a-z]`, `[^a-z]`, `\d \w \s` and their
 * opposites, `^`, `$`, groups, `|`, and the repetitions `* + ? {n} {n,} {n,m}`.
 */
export function readPattern(text: string): PatternNode | Problem {
  if (text === '') return new Problem('Not a valid pattern: it is empty.')
  if (text.length > MAX_LENGTH) return new Problem(`Ensure this pattern has no more than ${MAX_LENGTH} characters.`)
  try {
    const reader = new PatternReader(text)
    const node = reader.either(0)
    reader.assertEnd()
    return node
  } catch (error) {
    if (error instanceof PatternError) return new Problem(`Not a valid pattern: ${error.message}.`)
    throw error
  }
}

class PatternError extends Error {}

const DIGITS: readonly CharRange[] = [[48, 57]]
const WORD: readonly CharRange[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const SPACE: readonly CharRange[] = [
  [9, 13],
  [32, 32],
]
const NAMED_SETS: Readonly<Record<string, readonly CharRange[]>> = { d: DIGITS, w: WORD, s: SPACE }
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 }
const NEWLINE: readonly CharRange[] = [[10, 10]]

class PatternReader {
  readonly #chars: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#chars = [...text]
  }

  either(depth: number): PatternNode {
    if (depth > MAX_DEPTH) throw new PatternError('its groups are too deep')
    const parts = [this.#sequence(depth)]
    while (this.#take('|')) parts.push(this.#sequence(depth))
    const [only] = parts
    return only && parts.length === 1 ? only : { type: 'either', parts }
  }

  assertEnd(): void {
    if (this.#at < this.#chars.length) this.#refuse('a ) closes no group')
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = []
    while (this.#at < this.#chars.length && this.#next !== '|' && this.#next !== ')') {
      parts.push(this.#repeated(this.#atom(depth)))
    }
    if (parts.length === 0) this.#refuse('there is nothing to find')
    return { type: 'sequence', parts }
  }

  #atom(depth: number): PatternNode {
    const char = this.#read()
    switch (char) {
      case '^':
        return { type: 'begin' }
      case '$':
        return { type: 'end' }
      case '.':
        return { type: 'set', ranges: NEWLINE, isNegated: true }
      case '(':
        return this.#group(depth)
      case '[':
        return this.#set()
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#refuse(`there is nothing for ${char} to repeat; write \\${char} for the character`)
      default:
        return { type: 'set', ranges: [single(char)], isNegated: false }
    }
  }

  #group(depth: number): PatternNode {
    if (this.#take('?') && !this.#take(':')) this.#refuse('of groups that begin with ? only (?:…) is known')
    const inner = this.either(depth + 1)
    if (!this.#take(')')) this.#refuse('a group is left open')
    return inner
  }

  #escape(): PatternNode {
    const char = this.#read()
    const named = NAMED_SETS[char.toLowerCase()]
    if (named) return { type: 'set', ranges: named, isNegated: char !== char.toLowerCase() }
    return { type: 'set', ranges: [[this.#escaped(char), this.#escaped(char)]], isNegated: false }
  }

  #escaped(char: string): number {
    const control = CONTROLS[char]
    if (control !== undefined) return control
    if (!isPunctuation(char)) this.#refuse(`\\${char} is not known to all databases`)
    return codeOf(char)
  }

  #set(): PatternNode {
    const isNegated = this.#take('^')
    const ranges: CharRange[] = []
    while (!this.#take(']')) {
      if (this.#at >= this.#chars.length) this.#refuse('a [ is left open')
      ranges.push(...this.#setItem())
    }
    if (ranges.length === 0) this.#refuse('a set is empty; write \\] for the character')
    return { type: 'set', ranges, isNegated }
  }

  #setItem(): readonly CharRange[] {
    const char = this.#read()
    if (char === '[') this.#refuse('write \\[ for that character inside a set')
    if (char === '\\' && NAMED_SETS[this.#next]) return NAMED_SETS[this.#read()] ?? []
    const from = char === '\\' ? this.#escaped(this.#read()) : codeOf(char)
    if (this.#next !== '-' || this.#chars[this.#at + 1] === ']') return [[from, from]]
    this.#read()
    const last = this.#read()
    const to = last === '\\' ? this.#escaped(this.#read()) : codeOf(last)
    if (to < from) this.#refuse('a range goes backwards')
    return [[from, to]]
  }

  #repeated(part: PatternNode): PatternNode {
    const bounds = this.#bounds()
    if (!bounds) return part
    const [min, max] = bounds
    if (part.type === 'begin' || part.type === 'end') this.#refuse('^ and $ cannot be repeated')
    if (['*', '+', '?', '{'].includes(this.#next)) this.#refuse('one repetition may not follow another')
    if (max === null && hasEndless(part)) {
      this.#refuse('a repetition without end may not hold another: it can take for ever')
    }
    if ((max ?? 1) * mostRepeats(part) > MAX_PRODUCT) this.#refuse('its repetitions come to too many')
    return { type: 'repeat', part, min, max }
  }

  #bounds(): readonly [number, number | null] | null {
    if (this.#take('*')) return [0, null]
    if (this.#take('+')) return [1, null]
    if (this.#take('?')) return [0, 1]
    if (!this.#take('{')) return null
    const end = this.#chars.indexOf('}', this.#at)
    const written = this.#chars.slice(this.#at, end).join('')
    const counts = end === -1 ? null : /^(\d{1,3})(,(\d{1,3})?)?$/.exec(written)
    if (!counts) return this.#refuse('a { begins no count; write \\{ for the character')
    this.#at = end + 1
    const min = Number(counts[1])
    const max = counts[2] === undefined ? min : counts[3] === undefined ? null : Number(counts[3])
    if (min > MAX_REPEAT || (max ?? 0) > MAX_REPEAT) this.#refuse(`a count is above ${MAX_REPEAT}`)
    if (max !== null && max < min) this.#refuse('a count goes backwards')
    return [min, max]
  }

  get #next(): string {
    return this.#chars[this.#at] ?? ''
  }

  #read(): string {
    const char = this.#chars[this.#at]
    if (char === undefined) return this.#refuse('it ends too early')
    this.#at += 1
    return char
  }

  #take(char: string): boolean {
    if (this.#next !== char) return false
    this.#at += 1
    return true
  }

  #refuse(reason: string): never {
    throw new PatternError(`${reason} (at character ${Math.min(this.#at, this.#chars.length)})`)
  }
}

const codeOf = (char: string): number => char.codePointAt(0) ?? 0

const single = (char: string): CharRange => [codeOf(char), codeOf(char)]

export const isPunctuation = (char: string): boolean => /^[!-/:-@[-`{-~]$/.test(char)

function partsOf(node: PatternNode): readonly PatternNode[] {
  if (node.type === 'repeat') return [node.part]
  return node.type === 'sequence' || node.type === 'either' ? node.parts : []
}

/** Whether something in it repeats without end: repeated again, it could be cut up in too many ways to try. */
const hasEndless = (node: PatternNode): boolean =>
  (node.type === 'repeat' && node.max === null) || partsOf(node).some(hasEndless)

function mostRepeats(node: PatternNode): number {
  const inner = Math.max(1, ...partsOf(node).map(mostRepeats))
  return node.type === 'repeat' ? inner * Math.max(1, node.max ?? node.min) : inner
}
