import type { DatabaseSync } from 'node:sqlite'
import {
  addExact,
  type ExactNumber,
  exactText,
  negated,
  readExact,
  timesExact,
  withPlaces,
} from '../../../base/index.ts'
import { DatabaseError } from '../database-error.ts'

type SqlValue = string | number | bigint | null | Uint8Array

const OPTIONS = { deterministic: true, useBigIntArguments: true }

/**
 * Added to a sum before it is written as text, so that texts of one length sort as their numbers do: SQLite's integers
 * end at 64 bits, and sums do not.
 */
const OFFSET = 10n ** 39n
const LENGTH = 40

/**
 * Adds exact reckoning, since SQLite keeps decimals as floats: `bw_plus`, `bw_minus` and `bw_times` of two numbers,
 * `bw_fit(number, places, lowest, highest)`, which rounds and refuses what is out of range, `bw_finite(float)`, and the aggregate
 * `bw_sum(number, places)`, whose result `exactSum` reads.
 */
export function addExactFunctions(connection: DatabaseSync): void {
  const binary = (name: string, work: (left: ExactNumber, right: ExactNumber) => ExactNumber): void => {
    connection.function(name, OPTIONS, (left: SqlValue, right: SqlValue) =>
      left === null || right === null ? null : exactText(work(exactOf(left), exactOf(right))),
    )
  }
  binary('bw_plus', addExact)
  binary('bw_minus', (left, right) => addExact(left, negated(right)))
  binary('bw_times', timesExact)
  connection.function('bw_fit', OPTIONS, fit)
  connection.function('bw_finite', OPTIONS, (value: SqlValue) => {
    if (value !== null && !Number.isFinite(Number(value))) throw outOfRange('Number out of range')
    return value
  })
  connection.aggregate('bw_sum', {
    deterministic: true,
    useBigIntArguments: true,
    start: null,
    step: (sum: SqlValue, value: SqlValue, places: SqlValue) =>
      value === null ? sum : String(BigInt(String(sum ?? 0)) + unitsOf(value, Number(places))),
    result: (sum: SqlValue) => (sum === null ? null : sortableSum(BigInt(String(sum)))),
  })
}

/** A sum, in units of its last place, as `bw_sum` gives it. */
export const sortableSum = (units: bigint): string => String(units + OFFSET).padStart(LENGTH, '0')

/** The units of a sum that `bw_sum` gave. */
export const exactSum = (text: string): bigint => BigInt(text) - OFFSET

function unitsOf(value: NonNullable<SqlValue>, places: number): bigint {
  // A sum of sums.
  if (typeof value === 'string' && value.length === LENGTH) return exactSum(value)
  return withPlaces(exactOf(value), places).units
}

function exactOf(value: NonNullable<SqlValue>): ExactNumber {
  const number = readExact(String(value))
  if (number === null) throw outOfRange(`Cannot reckon with ${JSON.stringify(String(value))}`)
  return number
}

function fit(value: SqlValue, places: SqlValue, lowest: SqlValue, highest: SqlValue): SqlValue {
  if (value === null || lowest === null || highest === null) return null
  const rounded = withPlaces(exactOf(value), Number(places))
  const isBelow = addExact(rounded, negated(exactOf(lowest))).units < 0n
  if (isBelow || addExact(exactOf(highest), negated(rounded)).units < 0n) throw outOfRange('Number out of range')
  return rounded.places === 0 ? rounded.units : Number(exactText(rounded))
}

const outOfRange = (message: string): DatabaseError => new DatabaseError(message, { kind: 'invalid_value' })
