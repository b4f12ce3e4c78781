import { exactText, readExact, shareOf } from '../../base/index.ts'
import { type DialectName, type DriverValue, exactSum, type RawValue, sortableSum } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import type { AggregatePart } from './aggregate-sql.ts'
import { arithmeticOfPath, type ResolvedAggregate } from './resolve-aggregate.ts'

/** The columns that an aggregate takes in a result. A mean is worked out here, from its sum and its count. */
export const partsOf = ({ fn }: ResolvedAggregate): readonly AggregatePart[] => (fn === 'avg' ? ['sum', 'count'] : [fn])

/** Places that a mean of decimals has beyond those of its field. */
const MORE_PLACES = 4

/** The value of an aggregate, from the columns that it takes. */
export function aggregateValue(aggregate: ResolvedAggregate, raw: readonly RawValue[], dialect: DialectName): unknown {
  const [first = null, second = null] = raw
  if (aggregate.fn === 'count') return Number(first)
  if (first === null) return null
  if (aggregate.fn === 'sum') return sumValue(aggregate, first, dialect)
  if (aggregate.fn === 'avg') return meanValue(aggregate, { sum: first, count: second }, dialect)
  return aggregate.path?.column.kind.decode(first, dialect)
}

function sumValue(aggregate: ResolvedAggregate, raw: NonNullable<RawValue>, dialect: DialectName): unknown {
  const { type, places } = arithmeticOfPath(aggregate)
  if (type === 'float') return Number(raw)
  const units = unitsOf(raw, places, dialect)
  if (type === 'integer') return Number(units)
  if (type === 'bigint') return units
  return type === 'decimal' ? exactText({ units, places }) : aggregate.path?.column.kind.decode(units, dialect)
}

function meanValue(
  aggregate: ResolvedAggregate,
  { sum, count }: { readonly sum: NonNullable<RawValue>; readonly count: RawValue },
  dialect: DialectName,
): unknown {
  const { type, places } = arithmeticOfPath(aggregate)
  if (type === 'float') return Number(sum) / Number(count)
  const total = { units: unitsOf(sum, places, dialect), places }
  const rows = BigInt(String(count))
  if (type === 'decimal') return exactText(shareOf(total, rows, places + MORE_PLACES))
  if (type === 'duration') return aggregate.path?.column.kind.decode(shareOf(total, rows, 0).units, dialect)
  return Number(exactText(shareOf(total, rows, 15)))
}

/** An exact sum in units of its last place. */
function unitsOf(raw: NonNullable<RawValue>, places: number, dialect: DialectName): bigint {
  if (dialect === 'sqlite') return exactSum(String(raw))
  const number = readExact(String(raw))
  if (!number) throw new TypeError(`The database gave ${String(raw)} for a sum`)
  return number.units * 10n ** BigInt(Math.max(0, places - number.places))
}

/** How a value that an aggregate is compared with goes into a statement: its form, and the type it needs to be told. */
export interface ComparedValue {
  readonly value: DriverValue
  readonly cast: string | null
}

/** The value in the form that the database holds the aggregate in; or what is wrong with it. */
export function comparedValue(
  aggregate: ResolvedAggregate,
  input: unknown,
  dialect: DialectName,
): ComparedValue | Problem {
  const { fn, path } = aggregate
  if ((fn === 'min' || fn === 'max') && path) {
    const parsed: unknown = path.column.kind.parse(input)
    if (parsed instanceof Problem) return parsed
    return { value: path.column.kind.encode(parsed, dialect), cast: null }
  }
  const number =
    typeof input === 'number' || typeof input === 'bigint' || typeof input === 'string'
      ? readExact(String(input))
      : null
  if (!number || String(number.units).length > MOST_DIGITS) return new Problem('A valid number is required.')
  const text = exactText(number)
  if (fn === 'sum' && dialect === 'sqlite' && arithmeticOfPath(aggregate).type !== 'float') {
    return { value: sortedUnits(number, arithmeticOfPath(aggregate).places), cast: null }
  }
  const types = { sqlite: 'real', postgresql: 'numeric', mysql: 'decimal(65, 15)' }
  return { value: text, cast: types[dialect] }
}

const MOST_DIGITS = 35

/** A bound between two sums is told by the digits that follow: `012` is less than `012+`, and more than `011`. */
function sortedUnits({ units, places }: { readonly units: bigint; readonly places: number }, wanted: number): string {
  if (places <= wanted) return sortableSum(units * 10n ** BigInt(wanted - places))
  const by = 10n ** BigInt(places - wanted)
  const floor = units >= 0n ? units / by : -((-units + by - 1n) / by)
  return floor * by === units ? sortableSum(floor) : `${sortableSum(floor)}+`
}
