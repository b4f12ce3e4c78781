import mysql, { type TypedParameterValue } from 'mysql2'
import type { DriverValue } from '../dialect.ts'

type BoundValue = string | number | null | Buffer | TypedParameterValue

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const UINT64_MAX = 2n ** 64n - 1n

/** Parameters as mysql2 is to send them. Of itself it sends every number as a float, which `limit ?` refuses. */
export function boundValues(params: readonly DriverValue[]): BoundValue[] {
  return params.map(boundValue)
}

function boundValue(value: DriverValue): BoundValue {
  if (typeof value === 'bigint') return boundInteger(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? boundInteger(BigInt(value)) : value
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

function boundInteger(value: bigint): BoundValue {
  if (value >= INT64_MIN && value <= INT64_MAX) return mysql.TypedParameter.LONGLONG(value)
  return value > 0n && value <= UINT64_MAX ? mysql.TypedParameter.LONGLONG.unsigned(value) : String(value)
}
