/** The middle value; of an even number, the mean of the two in the middle. @throws {RangeError} if there is none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('Cannot take a median: there are no values')
  return (lower + upper) / 2
}

/** The least value that `percent` of all values do not exceed. @throws {RangeError} if there is none */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('Cannot take a percentile: there are no values')
  return value
}
