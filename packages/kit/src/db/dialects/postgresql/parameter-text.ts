import type { DriverValue } from '../dialect.ts'

/** Parameters in the text form of the protocol: the server reads them as the type that the statement wants. */
export function parameterTexts(params: readonly DriverValue[]): (string | null)[] {
  const texts = new Array<string | null>(params.length)
  for (let index = 0; index < params.length; index += 1) texts[index] = parameterText(params[index])
  return texts
}

function parameterText(value: DriverValue | undefined): string | null {
  if (typeof value === 'string' || value === null) return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) {
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  }
  throw new TypeError(`Cannot bind a value of type ${typeof value}: wanted text, a number, bytes or null`)
}
