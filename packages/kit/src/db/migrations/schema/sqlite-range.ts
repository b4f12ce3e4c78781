/**
 * A check that keeps what SQLite computes within the type of its column, as the other databases do by themselves; nothing
 * where a type has no end. The kinds of fields check what is written, but nobody sees this value before it is stored.
 *
 * @param column quoted
 */
export function rangeCheck(column: string, type: string): string {
  const condition = conditionOf(column, type)
  return condition === null ? '' : ` check (${condition})`
}

const BITS: Readonly<Record<string, bigint>> = { smallint: 16n, integer: 32n, bigint: 64n }

function conditionOf(column: string, type: string): string | null {
  const [, word = '', size, places = '0'] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(type) ?? []
  const bits = BITS[word]
  if (bits !== undefined) return `${column} between ${-(2n ** (bits - 1n))} and ${2n ** (bits - 1n) - 1n}`
  if (word === 'varchar' && size !== undefined) return `length(${column}) <= ${size}`
  if (word !== 'decimal' || size === undefined) return null
  const limit = `1e${Number(size) - Number(places)}`
  return `${column} > -${limit} and ${column} < ${limit}`
}
