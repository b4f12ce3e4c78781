import { isQ, type Q } from '../models/index.ts'

/**
 * Filters worked out in memory, by the words of the documentation and without any of the code that makes SQL: what the
 * tests hold the databases to.
 */
export interface MemoryRow {
  readonly [name: string]: unknown
}

type Filter = { readonly [key: string]: unknown }
type Asked = Filter | Q<Filter>

/** Whether a row meets a filter, given together with others in one call. */
export function meets(row: MemoryRow, asked: Asked): boolean {
  const leaves = leavesOf(asked, false)
  return assignments(row, leaves).some((chosen) => holds(row, asked, chosen))
}

/** For each way to many rows: which of them is looked at. */
type Chosen = ReadonlyMap<string, MemoryRow | null>

function holds(row: MemoryRow, asked: Asked, chosen: Chosen): boolean {
  if (!isQ<Filter>(asked)) return Object.entries(asked).every(([key, value]) => leafHolds(row, { key, value }, chosen))
  if (asked.kind === 'and') return asked.parts.every((part) => holds(row, part, chosen))
  if (asked.kind === 'or') return asked.parts.some((part) => holds(row, part, chosen))
  // In a negation each comparison looks for a row of its own.
  return !asked.parts.every((part) => holdsApart(row, part))
}

function holdsApart(row: MemoryRow, asked: Asked): boolean {
  if (!isQ<Filter>(asked)) return Object.entries(asked).every(([key, value]) => meets(row, { [key]: value }))
  if (asked.kind === 'or') return asked.parts.some((part) => holdsApart(row, part))
  const all = asked.parts.every((part) => holdsApart(row, part))
  return asked.kind === 'and' ? all : !all
}

function leavesOf(asked: Asked, isNegated: boolean): string[] {
  if (!isQ<Filter>(asked)) return isNegated ? [] : Object.keys(asked)
  return asked.parts.flatMap((part) => leavesOf(part, isNegated || asked.kind === 'not'))
}

/** Every way to choose one of the related rows, or none, for each list that the keys pass through. */
function assignments(row: MemoryRow, keys: readonly string[]): Chosen[] {
  let all: Map<string, MemoryRow | null>[] = [new Map()]
  for (const prefix of listPrefixes(keys)) {
    all = all.flatMap((chosen) => {
      const list = walk(row, prefix.split('__'), chosen, true)
      const rows: (MemoryRow | null)[] = Array.isArray(list) ? [...list, null] : [null]
      return rows.map((one) => new Map([...chosen, [prefix, one]]))
    })
  }
  return all
}

const LISTS = new Set(['books', 'reviews', 'tags', 'tagged'])

/** Whether a key asks if there are related rows at all. */
const asksForAny = (steps: readonly string[]): boolean => steps.at(-1) === 'isnull' && LISTS.has(steps.at(-2) ?? '')

/** The ways that lead to many rows, shorter ones first. */
function listPrefixes(keys: readonly string[]): string[] {
  const prefixes = new Set<string>()
  for (const key of keys) {
    const steps = key.split('__')
    if (asksForAny(steps)) continue
    steps.forEach((step, at) => {
      if (LISTS.has(step)) prefixes.add(steps.slice(0, at + 1).join('__'))
    })
  }
  return [...prefixes].sort((a, b) => a.length - b.length)
}

function walk(row: MemoryRow, steps: readonly string[], chosen: Chosen, isWhole = false): unknown {
  let at: unknown = row
  for (let index = 0; index < steps.length; index++) {
    if (at === null || at === undefined) return undefined
    const prefix = steps.slice(0, index + 1).join('__')
    const isLast = index === steps.length - 1
    if (chosen.has(prefix) && !(isWhole && isLast)) at = chosen.get(prefix)
    else at = (at as MemoryRow)[steps[index] ?? '']
  }
  return at
}

interface Leaf {
  readonly key: string
  readonly value: unknown
}

function leafHolds(row: MemoryRow, { key, value }: Leaf, chosen: Chosen): boolean {
  const steps = key.split('__')
  if (asksForAny(steps)) {
    const list = walk(row, steps.slice(0, -1), chosen, true)
    return !(Array.isArray(list) && list.length > 0) === value
  }
  const at = steps.findIndex((step) => COLUMNS.has(step))
  const found = walk(row, steps.slice(0, at + 1), chosen) ?? null
  const rest = steps.slice(at + 1)
  // A row that is not there has no columns, and no missing ones either.
  const through = steps.slice(0, at).some((_, index) => chosen.get(steps.slice(0, index + 1).join('__')) === null)
  if (through) return false
  return steps[at] === 'meta' || steps[at] === 'topics'
    ? jsonHolds(found, rest, value)
    : columnHolds(found, rest, value)
}

const COLUMNS = new Set('id title note published opens day pages meta topics name stars body label born'.split(' '))

function columnHolds(found: unknown, rest: readonly string[], value: unknown): boolean {
  const [first = 'exact', second] = rest
  if (first === 'isnull' || second === 'isnull') return (found === null) === value
  if (found === null) return first === 'exact' && value === null
  const part = PARTS[first]
  if (part) return compared(part(String(found)), second ?? 'exact', value)
  return compared(found, first, value)
}

function compared(found: unknown, lookup: string, value: unknown): boolean {
  if (lookup === 'in') return (value as readonly unknown[]).some((item) => order(found, item) === 0)
  if (lookup === 'range') {
    const [from, to] = value as readonly [unknown, unknown]
    return order(found, from) >= 0 && order(found, to) <= 0
  }
  if (lookup === 'exact') return order(found, value) === 0
  if (lookup === 'gt') return order(found, value) > 0
  if (lookup === 'gte') return order(found, value) >= 0
  if (lookup === 'lt') return order(found, value) < 0
  if (lookup === 'lte') return order(found, value) <= 0
  return textHolds(String(found), lookup, String(value))
}

function textHolds(found: string, lookup: string, value: string): boolean {
  if (lookup === 'regex' || lookup === 'iregex') return new RegExp(value, lookup === 'iregex' ? 'iu' : 'u').test(found)
  const isFolded = lookup.startsWith('i')
  const text = isFolded ? found.toLowerCase() : found
  const sought = isFolded ? value.toLowerCase() : value
  const word = isFolded ? lookup.slice(1) : lookup
  if (word === 'exact') return text === sought
  if (word === 'startswith') return text.startsWith(sought)
  return word === 'endswith' ? text.endsWith(sought) : text.includes(sought)
}

/** By code point, as the databases have it: UTF-16 puts emoji before some other letters. */
function order(left: unknown, right: unknown): number {
  if (typeof left !== 'string' || typeof right !== 'string') return Number(left) - Number(right)
  return Buffer.compare(Buffer.from(stored(left)), Buffer.from(stored(right)))
}

/** A moment as it is stored, any other text as it is. */
const stored = (text: string): string => (/^\d{4}-\d\d-\d\d .*Z$/.test(text) ? text.slice(0, -1) : text)

const dayOf = (text: string): Date => {
  const day = new Date(0)
  day.setUTCFullYear(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)))
  return day
}
const isoDay = (text: string): number => dayOf(text).getUTCDay() || 7
const thursdayOf = (text: string): Date => {
  const day = dayOf(text)
  day.setUTCDate(day.getUTCDate() + 4 - isoDay(text))
  return day
}
const clockOf = (text: string): string => text.slice(text.length > 10 && text[4] === '-' ? 11 : 0)

function weekOf(text: string): number {
  const thursday = thursdayOf(text)
  const first = new Date(0)
  first.setUTCFullYear(thursday.getUTCFullYear(), 0, 1)
  return Math.floor((thursday.getTime() - first.getTime()) / 86_400_000 / 7) + 1
}

const PARTS: Readonly<Record<string, (text: string) => unknown>> = {
  date: (text) => text.slice(0, 10),
  time: (text) => clockOf(text),
  year: (text) => Number(text.slice(0, 4)),
  iso_year: (text) => thursdayOf(text).getUTCFullYear(),
  quarter: (text) => Math.ceil(Number(text.slice(5, 7)) / 3),
  month: (text) => Number(text.slice(5, 7)),
  week: weekOf,
  day: (text) => Number(text.slice(8, 10)),
  week_day: (text) => dayOf(text).getUTCDay() + 1,
  iso_week_day: isoDay,
  hour: (text) => Number(clockOf(text).slice(0, 2)),
  minute: (text) => Number(clockOf(text).slice(3, 5)),
  second: (text) => Number(clockOf(text).slice(6, 8)),
}

const JSON_WORDS = new Set(
  'exact in isnull contains contained_by has_key has_keys has_any_keys gt gte lt lte range iexact icontains startswith istartswith endswith iendswith regex iregex overlap'.split(
    ' ',
  ),
)

function jsonHolds(column: unknown, rest: readonly string[], value: unknown): boolean {
  const isWord = JSON_WORDS.has(rest.at(-1) ?? '')
  const lookup = isWord ? (rest.at(-1) ?? '') : 'exact'
  const steps = isWord ? rest.slice(0, -1) : rest
  let found: unknown = column === null ? undefined : column
  for (const step of steps) found = /^\d+$/.test(step) ? itemOf(found, Number(step)) : memberOf(found, step)
  if (lookup === 'isnull') return (found === undefined) === value
  if (found === undefined) return steps.length === 0 && lookup === 'exact' && value === null
  return jsonCompared(found, lookup, value)
}

function jsonCompared(found: unknown, lookup: string, value: unknown): boolean {
  const list = Array.isArray(value) ? value : []
  switch (lookup) {
    case 'exact':
      return isSame(found, value)
    case 'in':
      return list.some((item) => isSame(found, item))
    case 'has_key':
      return memberOf(found, String(value)) !== undefined
    case 'has_keys':
      return list.every((key) => memberOf(found, key) !== undefined)
    case 'has_any_keys':
      return list.some((key) => memberOf(found, key) !== undefined)
    case 'overlap':
      return list.some((item) => Array.isArray(found) && found.includes(item))
    case 'contained_by':
      return isHeld(value, found)
    case 'contains':
      if (typeof found === 'string' && typeof value === 'string') return found.includes(value)
      return isHeld(found, value)
    default: {
      const sample: unknown = Array.isArray(value) && lookup === 'range' ? value[0] : value
      return typeof found === typeof sample && (typeof found === 'string' || typeof found === 'number')
        ? compared(found, lookup, value)
        : false
    }
  }
}

const itemOf = (of: unknown, at: number): unknown => (Array.isArray(of) ? of[at] : undefined)

const memberOf = (of: unknown, key: string): unknown =>
  typeof of === 'object' && of !== null && !Array.isArray(of) && Object.hasOwn(of, key)
    ? (of as MemoryRow)[key]
    : undefined

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}

const isSame = (left: unknown, right: unknown): boolean =>
  JSON.stringify(canonical(left)) === JSON.stringify(canonical(right))

function isHeld(outer: unknown, inner: unknown): boolean {
  const isScalar = typeof inner !== 'object' || inner === null
  if (Array.isArray(outer) && isScalar) return outer.includes(inner)
  return isWithin(outer, inner)
}

function isWithin(outer: unknown, inner: unknown): boolean {
  if (Array.isArray(outer) && Array.isArray(inner)) {
    return inner.every((item) => outer.some((held) => isWithin(held, item)))
  }
  if (Array.isArray(outer) || Array.isArray(inner)) return false
  if (typeof outer === 'object' && outer !== null && typeof inner === 'object' && inner !== null) {
    return Object.entries(inner).every(
      ([key, value]) => Object.hasOwn(outer, key) && isWithin((outer as MemoryRow)[key], value),
    )
  }
  return outer === inner
}
