import type { DialectName } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import { type CharRange, isPunctuation, type PatternNode, readPattern } from './pattern.ts'

/**
 * A pattern in the words of a database, meaning the same on each: RE2 on SQLite, PostgreSQL's own, PCRE or ICU on MySQL.
 * `.` is no line break, `$` is the very end, and `\d`, `\w`, `\s` are ASCII. Where case does not count, both cases are
 * written out, since the databases fold by different tables.
 */
export function patternText(
  text: string,
  { dialect, ignoresCase }: { readonly dialect: DialectName; readonly ignoresCase: boolean },
): string | Problem {
  const read = readPattern(text)
  if (read instanceof Problem) return read
  const node = ignoresCase ? inBothCases(read) : read
  return node instanceof Problem ? node : printed(node, dialect)
}

function printed(node: PatternNode, dialect: DialectName): string {
  switch (node.type) {
    case 'begin':
      return '^'
    case 'end':
      return dialect === 'postgresql' ? '$' : '\\z'
    case 'set':
      return setText(node.ranges, node.isNegated)
    case 'sequence':
      return node.parts
        .map((part) => (part.type === 'either' ? grouped(part, dialect) : printed(part, dialect)))
        .join('')
    case 'either':
      return node.parts.map((part) => printed(part, dialect)).join('|')
    case 'repeat':
      return `${node.part.type === 'set' ? printed(node.part, dialect) : grouped(node.part, dialect)}${countText(node.min, node.max)}`
  }
}

const grouped = (node: PatternNode, dialect: DialectName): string => `(?:${printed(node, dialect)})`

function countText(min: number, max: number | null): string {
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  return min === 0 && max === 1 ? '?' : min === max ? `{${min}}` : `{${min},${max}}`
}

function setText(ranges: readonly CharRange[], isNegated: boolean): string {
  const [first] = ranges
  if (first && ranges.length === 1 && first[0] === first[1] && !isNegated) return charText(first[0])
  const items = ranges.map(([from, to]) => (from === to ? charText(from) : `${charText(from)}-${charText(to)}`))
  return `[${isNegated ? '^' : ''}${items.join('')}]`
}

function charText(code: number): string {
  const char = String.fromCodePoint(code)
  return isPunctuation(char) && char !== '_' ? `\\${char}` : char
}

/** The widest range beyond ASCII whose letters are folded one by one. */
const MAX_FOLDED = 1000

function inBothCases(node: PatternNode): PatternNode | Problem {
  if (node.type === 'begin' || node.type === 'end') return node
  if (node.type === 'set') {
    const wide = node.ranges.find(([from, to]) => to > 127 && to - Math.max(from, 128) > MAX_FOLDED)
    if (wide) return new Problem('Not a valid pattern: where case does not count, a range may hold 1000 letters.')
    return { ...node, ranges: node.ranges.flatMap((range) => [range, ...otherCases(range)]) }
  }
  if (node.type === 'repeat') {
    const part = inBothCases(node.part)
    return part instanceof Problem ? part : { ...node, part }
  }
  const parts: PatternNode[] = []
  for (const part of node.parts) {
    const both = inBothCases(part)
    if (both instanceof Problem) return both
    parts.push(both)
  }
  return { ...node, parts }
}

function otherCases([from, to]: CharRange): CharRange[] {
  const upper = overlap([from, to], [65, 90]).map(([a, b]): CharRange => [a + 32, b + 32])
  const lower = overlap([from, to], [97, 122]).map(([a, b]): CharRange => [a - 32, b - 32])
  const beyond: CharRange[] = []
  for (let code = Math.max(from, 128); code <= to; code++) {
    const char = String.fromCodePoint(code)
    for (const other of [char.toLowerCase(), char.toUpperCase()]) {
      if (other !== char && [...other].length === 1)
        beyond.push([other.codePointAt(0) ?? code, other.codePointAt(0) ?? code])
    }
  }
  return [...upper, ...lower, ...beyond]
}

function overlap([from, to]: CharRange, [low, high]: CharRange): CharRange[] {
  const range: CharRange = [Math.max(from, low), Math.min(to, high)]
  return range[0] <= range[1] ? [range] : []
}
