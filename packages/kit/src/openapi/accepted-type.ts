interface Range {
  readonly type: string
  readonly quality: number
}

/**
 * The best of the types on offer for an `Accept` header, or null if it takes none of them. Of equals, the first on offer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function acceptedType(accept: string | undefined, offered: readonly string[]): string | null {
  const ranges = (accept || '*/*').split(',').map(rangeOf)
  const rated = offered.map((type) => ({ type, quality: qualityOf(type, ranges) }))
  const best = rated.reduce((one, other) => (other.quality > one.quality ? other : one), { type: '', quality: 0 })
  return best.type === '' ? null : best.type
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = weight === undefined ? 1 : Number(weight.slice(2))
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

/** What the most exact of the ranges that fit says. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const [main = ''] = type.split('/')
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const range = ranges.find((each) => each.type === wanted)
    if (range) return range.quality
  }
  return 0
}
