import { isIP } from 'node:net'
import { Field, type JsonField, json, Problem } from '../../db/index.ts'

const MOST_ITEMS = 100
const SCOPE = /^[a-z][a-z0-9_-]{0,49}:(read|write)$/

/** What a key may do, by the app: `clients:read`, `clients:write`. */
export function scopesField(): JsonField<string[]> {
  return textList({
    help: 'What it may do: `<app>:read` for GET and HEAD, `<app>:write` for all else.',
    example: ['clients:read', 'clients:write'],
    fewest: 1,
    flawOf: (item) =>
      SCOPE.test(item) ? null : `"${item.slice(0, 60)}" is no scope: wanted <app>:read or <app>:write.`,
  })
}

/** Networks and addresses, of IPv4 and IPv6. */
export function networksField(): JsonField<string[]> {
  return textList({
    help: 'Addresses and networks from which it is taken. Empty: from anywhere.',
    example: ['203.0.113.0/24', '2001:db8::1'],
    fewest: 0,
    flawOf: (item) => (isNetwork(item) ? null : `"${item.slice(0, 60)}" is no address or network (CIDR).`),
  })
}

/** Whether a text is an IP address, or one with the number of its leading bits that count. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  // A zone names an interface of this machine: no client is in it.
  const version = address.includes('%') ? 0 : isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

interface TextListRules {
  readonly help: string
  readonly example: string[]
  readonly fewest: number
  readonly flawOf: (item: string) => string | null
}

/** A list of texts without repetitions, kept as JSON. */
function textList({ help, example, fewest, flawOf }: TextListRules): JsonField<string[]> {
  const { kind, settings } = json<string[]>({ help, example })
  const parse = (input: unknown): unknown => {
    if (!Array.isArray(input)) return new Problem('Expected a list of items.')
    if (input.length > MOST_ITEMS) return new Problem(`Ensure this field has no more than ${MOST_ITEMS} elements.`)
    if (input.length < fewest) return new Problem('This list may not be empty.')
    const items = new Set<string>()
    for (const item of input) {
      if (typeof item !== 'string') return new Problem('Every item must be a text.')
      const flaw = flawOf(item)
      if (flaw !== null) return new Problem(flaw)
      items.add(item)
    }
    return [...items]
  }
  const items = { type: 'string' } as const
  const schema = { type: 'array', items, minItems: fewest, maxItems: MOST_ITEMS } as const
  return new Field({ ...kind, parse, schema, example }, settings)
}
