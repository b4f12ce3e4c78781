/** An exact number: `units` over ten to the power of `places`. */
export interface ExactNumber {
  readonly units: bigint
  readonly places: number
}

const WRITTEN = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*$/i

/** Reads a number as it is written: `12.50`, `1e-7`. Null if it is none. */
export function readExact(text: string): ExactNumber | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = WRITTEN.exec(text) ?? []
  if (whole === '' && fraction === '') return null
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  const places = fraction.length - Number(exponent)
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 }
}

/** The same number with so many places; what lies between is rounded, halves away from zero as databases do. */
export function withPlaces({ units, places }: ExactNumber, wanted: number): ExactNumber {
  if (places <= wanted) return { units: units * 10n ** BigInt(wanted - places), places: wanted }
  return { units: dividedBy(units, 10n ** BigInt(places - wanted)), places: wanted }
}

export function addExact(left: ExactNumber, right: ExactNumber): ExactNumber {
  const places = Math.max(left.places, right.places)
  return { units: withPlaces(left, places).units + withPlaces(right, places).units, places }
}

export const negated = ({ units, places }: ExactNumber): ExactNumber => ({ units: -units, places })

export const timesExact = (left: ExactNumber, right: ExactNumber): ExactNumber => ({
  units: left.units * right.units,
  places: left.places + right.places,
})

/** The number shared out to `count`, with so many places. */
export function shareOf(total: ExactNumber, count: bigint, places: number): ExactNumber {
  return { units: dividedBy(total.units * 10n ** BigInt(places), count * 10n ** BigInt(total.places)), places }
}

/** The number with all of its places: `-0.50`. */
export function exactText({ units, places }: ExactNumber): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0')
  const sign = units < 0n ? '-' : ''
  if (places === 0) return `${sign}${digits}`
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

function dividedBy(units: bigint, by: bigint): bigint {
  const half = units < 0n ? -by / 2n : by / 2n
  return (units + half) / by
}
