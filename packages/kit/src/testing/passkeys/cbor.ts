/** What CBOR can say, as far as authenticators need it. Keys of maps may be numbers. */
export type Cbor = number | string | boolean | Uint8Array | readonly Cbor[] | ReadonlyMap<number | string, Cbor>

/** Encodes a value (RFC 8949, of definite length). */
export function cborOf(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    const parts = [...value].flatMap(([key, item]) => [cborOf(key), cborOf(item)])
    return Buffer.concat([head(5, value.size), ...parts])
  }
  const items = value as readonly Cbor[] // as: nothing else is left
  return Buffer.concat([head(4, items.length), ...items.map(cborOf)])
}

function head(major: number, argument: number): Buffer {
  const type = major << 5
  if (argument < 24) return Buffer.of(type | argument)
  if (argument < 0x100) return Buffer.of(type | 24, argument)
  if (argument < 0x10000) return Buffer.of(type | 25, argument >> 8, argument & 0xff)
  const long = Buffer.alloc(5)
  long[0] = type | 26
  long.writeUInt32BE(argument, 1)
  return long
}
