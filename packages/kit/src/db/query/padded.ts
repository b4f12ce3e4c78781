/** Fills a list up to a power of two with its last value, so that few statements serve all lengths. */
export function padded<Item>(values: readonly Item[]): Item[] {
  const last = values.at(-1)
  if (last === undefined) return []
  const room = 2 ** Math.ceil(Math.log2(values.length))
  return [...values, ...new Array<Item>(room - values.length).fill(last)]
}
