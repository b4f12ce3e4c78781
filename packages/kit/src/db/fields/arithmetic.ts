import type { AnyFieldKind, Json } from './field-kind.ts'

/** What can be worked out with the values of a field in the database. */
export interface Arithmetic {
  readonly type: 'integer' | 'bigint' | 'decimal' | 'float' | 'duration'
  /** Digits after the point. */
  readonly places: number
  /** The bounds of the field, as numbers in words; null where there is none. */
  readonly lowest: string | null
  readonly highest: string | null
}

const INT64 = { lowest: String(-(2n ** 63n)), highest: String(2n ** 63n - 1n) }

/** How the database can reckon with a kind; null for kinds that are no numbers. */
export function arithmeticOf(kind: AnyFieldKind): Arithmetic | null {
  const type = kind.columnType('postgresql')
  const { params, schema } = kind
  const lowest = textOf(params.min ?? schema.minimum)
  const highest = textOf(params.max ?? schema.maximum)
  if (kind.name === 'duration') return { type: 'duration', places: 0, ...INT64 }
  if (kind.name === 'foreignKey' || kind.name === 'oneToOne') return null
  if (type === 'integer' || type === 'smallint') return { type: 'integer', places: 0, lowest, highest }
  if (type === 'double precision') return { type: 'float', places: 0, lowest, highest }
  if (type === 'bigint') {
    const floor = kind.name.startsWith('positive') ? '0' : INT64.lowest
    return { type: 'bigint', places: 0, lowest: lowest ?? floor, highest: highest ?? INT64.highest }
  }
  if (!type.startsWith('numeric(')) return null
  const limit = largest(Number(params.digits), Number(params.places))
  return { type: 'decimal', places: Number(params.places), lowest: lowest ?? `-${limit}`, highest: highest ?? limit }
}

const textOf = (bound: Json | undefined): string | null =>
  typeof bound === 'number' || typeof bound === 'string' ? String(bound) : null

/** The largest number of so many digits: `99999.99`. */
function largest(digits: number, places: number): string {
  const whole = '9'.repeat(digits - places) || '0'
  return places === 0 ? whole : `${whole}.${'9'.repeat(places)}`
}
