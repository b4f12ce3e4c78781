/**
 * Source text as a tree, laid out as the formatter lays it out: a list stands on one line where it fits, or has a line
 * for each of its items.
 */
export type Layout = string | ListLayout | CallLayout | PairLayout

export interface ListLayout {
  readonly type: 'list'
  readonly open: string
  readonly close: string
  /** Stands inside the brackets of a list on one line: a space in objects. */
  readonly padding: string
  readonly items: readonly Layout[]
  readonly isExpanded: boolean
}

/** A call, with the text of what is called on its result. */
export interface CallLayout {
  readonly type: 'call'
  readonly callee: string
  readonly args: readonly Layout[]
  readonly chain: readonly CallLayout[]
}

export interface PairLayout {
  readonly type: 'pair'
  readonly key: string
  readonly value: Layout
}

const LINE_WIDTH = 120
const INDENT = 2

export interface Place {
  readonly indent: number
  /** The columns that are taken on the line, before it and behind it. */
  readonly taken: number
}

export const array = (items: readonly Layout[]): ListLayout => ({
  type: 'list',
  open: '[',
  close: ']',
  padding: '',
  items,
  isExpanded: items.length > 1 && items.every(hasSeveralItems),
})

export const object = (items: readonly Layout[], isExpanded = false): ListLayout => ({
  type: 'list',
  open: '{',
  close: '}',
  padding: ' ',
  items,
  isExpanded: isExpanded && items.length > 0,
})

export const call = (callee: string, args: readonly Layout[], chain: readonly CallLayout[] = []): CallLayout => ({
  type: 'call',
  callee,
  args,
  chain,
})

export const pair = (key: string, value: Layout): PairLayout => ({ type: 'pair', key, value })

/** The text of a layout that begins at a place. */
export function print(layout: Layout, place: Place): string {
  const oneLine = mustExpand(layout) ? null : flat(layout)
  if (typeof layout === 'string' || (oneLine !== null && oneLine.length + place.taken <= LINE_WIDTH))
    return flat(layout)
  if (layout.type === 'pair') return printPair(layout, place)
  return layout.type === 'list' ? printList(layout, place) : printCall(layout, place)
}

/** Lists of lists stand on lines of their own, as in a table. */
function hasSeveralItems(layout: Layout): boolean {
  return typeof layout !== 'string' && layout.type === 'list' && layout.items.length > 1
}

function mustExpand(layout: Layout): boolean {
  if (typeof layout === 'string') return false
  if (layout.type === 'pair') return mustExpand(layout.value)
  if (layout.type === 'list') return layout.isExpanded || layout.items.some(mustExpand)
  return layout.args.some(mustExpand) || layout.chain.some(mustExpand) || isHeavyChain(layout)
}

/** From three calls on, a list in a list is too much for one line. */
function isHeavyChain({ args, chain }: CallLayout): boolean {
  const all = [...args, ...chain.flatMap((next) => next.args)]
  return chain.length > 1 && all.some((arg) => itemsOf(arg).some((item) => itemsOf(item).length > 0))
}

function itemsOf(layout: Layout): readonly Layout[] {
  if (typeof layout === 'string' || layout.type === 'call') return []
  return layout.type === 'pair' ? itemsOf(layout.value) : layout.items
}

function flat(layout: Layout): string {
  if (typeof layout === 'string') return layout
  if (layout.type === 'pair') return `${layout.key}: ${flat(layout.value)}`
  if (layout.type === 'call') {
    return `${layout.callee}(${layout.args.map(flat).join(', ')})${layout.chain.map((next) => `.${flat(next)}`).join('')}`
  }
  const padding = layout.items.length === 0 ? '' : layout.padding
  return `${layout.open}${padding}${layout.items.map(flat).join(', ')}${padding}${layout.close}`
}

/** A string that is too long for the line goes below its key, unless the key is so short that this gains nothing. */
function printPair({ key, value }: PairLayout, place: Place): string {
  const isLongString = typeof value === 'string' && key.length >= INDENT + 3
  if (isLongString) return `${key}:\n${' '.repeat(place.indent + INDENT)}${value}`
  const start = `${key}: `
  return start + print(value, { ...place, taken: place.taken + start.length })
}

function printList({ open, close, items }: ListLayout, { indent }: Place): string {
  const inner = indent + INDENT
  // One more column is taken by the comma.
  const lines = items.map((item) => `${' '.repeat(inner)}${print(item, { indent: inner, taken: inner + 1 })},\n`)
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`
}

function printCall(layout: CallLayout, place: Place): string {
  const { chain, ...rest } = layout
  const head = { ...rest, chain: [] }
  const [next] = chain
  if (next === undefined) return printBareCall(head, place)
  if (chain.length > 1) return printLongChain(head, chain, place)
  const start = `${flat(head)}.`
  // Where nothing is hugged the line ends with the parenthesis: there is no bracket, and the comma comes later.
  const last = next.args.at(-1)
  const bracket = last !== undefined && isHugged(last, next.args.slice(0, -1)) ? 1 : 0
  const opening = start.length + next.callee.length + bracket
  if (next.args.length > 0 && !mustExpand(head) && place.taken + opening <= LINE_WIDTH) {
    return start + printBareCall(next, { ...place, taken: place.taken + start.length })
  }
  return `${printBareCall(head, place)}.${flat(next)}`
}

/** From three calls on, each has a line of its own. */
function printLongChain(head: CallLayout, chain: readonly CallLayout[], place: Place): string {
  const indent = place.indent + INDENT
  const lines = chain.map((next) => `\n${' '.repeat(indent)}.${print(next, { indent, taken: indent + 2 })}`)
  return print(head, { ...place, taken: place.taken - 1 }) + lines.join('')
}

/** An object or array that comes last opens on the line of the call; else each argument has a line. */
function printBareCall({ callee, args }: CallLayout, place: Place): string {
  const last = args.at(-1)
  const before = args.slice(0, -1)
  if (last !== undefined && isHugged(last, before)) {
    const start = `${callee}(${before.map((arg) => `${flat(arg)}, `).join('')}`
    // The comma behind the call is not on this line, the bracket that opens is.
    if (place.taken + start.length <= LINE_WIDTH) return `${start}${printOpened(last, place)})`
  }
  return callee + printList({ type: 'list', open: '(', close: ')', padding: '', items: args, isExpanded: true }, place)
}

function isHugged(last: Layout, before: readonly Layout[]): boolean {
  const isList = (layout: Layout | undefined, open: string): boolean =>
    typeof layout === 'object' && layout.type === 'list' && layout.open === open && layout.items.length > 0
  const previous = before.at(-1)
  return ['{', '['].some((open) => isList(last, open) && !isList(previous, open)) && !before.some(mustExpand)
}

function printOpened(layout: Layout, place: Place): string {
  return typeof layout === 'object' && layout.type === 'list' ? printList(layout, place) : print(layout, place)
}
