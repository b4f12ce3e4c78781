import { isIPv4, isIPv6 } from 'node:net'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { ADDRESS_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { textColumn } from './text.ts'

export interface IpAddressOptions extends CommonOptions<string> {
  /** Which addresses are taken; both by default. */
  readonly protocol?: IpProtocol
  /** Keeps an IPv4 address that is wrapped into IPv6, `::ffff:192.0.2.1`, as `192.0.2.1`. */
  readonly unpackIpv4?: boolean
}

export type IpProtocol = 'both' | 'IPv4' | 'IPv6'

export type IpAddressField = Field<{
  value: string
  input: string
  lookup: (typeof ADDRESS_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * An IPv4 or IPv6 address in its shortest form, in lower case (RFC 5952): `2001:db8::1`.
 *
 * @throws {RangeError} if `unpackIpv4` is asked for with one protocol only
 */
export function ipAddress(options: IpAddressOptions = {}): IpAddressField {
  if (options.unpackIpv4 && (options.protocol ?? 'both') !== 'both') {
    throw new RangeError(`Cannot declare ipAddress(): unpackIpv4 needs both protocols, got ${options.protocol}`)
  }
  return fieldOf(ipAddressKind(options), options)
}

/** An IPv6 address with eight groups of four digits. */
const LONGEST = 39

const PROTOCOLS: Readonly<
  Record<IpProtocol, { readonly words: string; readonly example: string; readonly schema: object }>
> = {
  both: { words: 'IPv4 or IPv6', example: '192.0.2.1', schema: {} },
  IPv4: { words: 'IPv4', example: '192.0.2.1', schema: { format: 'ipv4' } },
  IPv6: { words: 'IPv6', example: '2001:db8::1', schema: { format: 'ipv6' } },
}

function ipAddressKind({ protocol = 'both', unpackIpv4 = false }: IpAddressOptions): FieldKind<string, string> {
  const { words, example, schema } = PROTOCOLS[protocol]
  const parse = (input: unknown): string | Problem => {
    const address = typeof input === 'string' ? normalized(input.trim(), unpackIpv4) : null
    const isTaken = address !== null && (protocol === 'both' || isIPv4(address) === (protocol === 'IPv4'))
    return isTaken ? address : new Problem(`Enter a valid ${words} address.`)
  }
  return {
    name: 'ipAddress',
    positional: [],
    params: { ...(protocol === 'both' ? {} : { protocol }), ...(unpackIpv4 ? { unpackIpv4 } : {}) },
    lookups: ADDRESS_LOOKUPS,
    searchable: false,
    columnType: (dialect) => textColumn(dialect, LONGEST),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: String,
    jsonSource: (raw) => `'"' + ${raw} + '"'`,
    schema: { type: 'string', maxLength: LONGEST, ...schema },
    example,
  }
}

/** The address in its one form, or null if it is none. Zones such as `%eth0` mean something on one machine only. */
function normalized(text: string, unpacksIpv4: boolean): string | null {
  if (isIPv4(text)) return text
  if (!isIPv6(text) || text.includes('%')) return null
  // The URL standard writes addresses as RFC 5952 does, but for IPv4 within IPv6.
  const address = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? null
  const wrapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address ?? '')
  if (!wrapped?.[1] || !wrapped[2]) return address
  const [high, low] = [Number.parseInt(wrapped[1], 16), Number.parseInt(wrapped[2], 16)]
  const ipv4 = [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return unpacksIpv4 ? ipv4 : `::ffff:${ipv4}`
}
