import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 16 * 256
const pool = Buffer.alloc(POOL_BYTES)
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
let poolOffset = POOL_BYTES
let lastMs = 0
let sequence = 0

/**
 * Makes an id that sorts by the time it was made: a UUID version 7 (RFC 9562, section 5.7). Ids made in one
 * process always rise: within a millisecond the twelve bits after the version count up (method 1 of section 6.2).
 */
export function newId(nowMs: number = Date.now()): string {
  if (poolOffset === POOL_BYTES) {
    randomFillSync(pool)
    poolOffset = 0
  }
  const at = poolOffset
  poolOffset += 16
  advance(nowMs, pool.readUInt16BE(at) & 0x7ff)
  const time = lastMs.toString(16).padStart(12, '0')
  const variant = HEX[((pool[at + 2] ?? 0) & 0x3f) | 0x80]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${variant}${hex(at + 3, 1)}-${hex(at + 4, 6)}`
}

function advance(nowMs: number, seed: number): void {
  if (nowMs > lastMs) {
    lastMs = nowMs
    sequence = seed
  } else if (++sequence > 0xfff) {
    lastMs += 1
    sequence = seed
  }
}

function hex(from: number, count: number): string {
  let text = ''
  for (let index = from; index < from + count; index++) text += HEX[pool[index] ?? 0]
  return text
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether `value` is a UUID in the canonical form: lower case, hyphenated. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}
