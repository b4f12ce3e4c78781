import type { Endpoint } from '@bailiwick/kit/rest'
import fc from 'fast-check'
import { HOSTILE_BODIES, HOSTILE_HEADERS, HOSTILE_JSON, HOSTILE_TEXTS } from './hostile-values.ts'

export const ASKERS = ['guest', 'subscriber', 'admin'] as const
export type Asker = (typeof ASKERS)[number]

export interface HostileRequest {
  readonly asker: Asker
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: readonly (readonly [string, string | readonly string[]])[]
  /** Null: none. */
  readonly body: string | null
  /** Sent in chunks, without its length. */
  readonly isChunked: boolean
}

export interface Surface {
  readonly endpoints: readonly Pick<Endpoint, 'method' | 'path' | 'parameters' | 'body'>[]
  /** What may stand in the place of `:id`. */
  readonly ids: readonly string[]
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']
const STRANGE_IDS = ['x', '0', '-1', '%00', '%F0%9F%98%80', '%2e%2e', '%2F', 'null', 'x'.repeat(300), "'%20or%201=1"]
const STRANGE_NAMES = [
  '__proto__',
  'constructor',
  'business_id',
  'business',
  'deleted_at',
  'owner__password',
  'x[]',
  '',
]

/** Random requests to the documented addresses, with a few things wrong in each: what is all wrong gets no further than the door. */
export function hostileRequests(surface: Surface): fc.Arbitrary<HostileRequest> {
  return fc.constantFrom(...surface.endpoints).chain((endpoint) => {
    const header = fc.constantFrom(...HOSTILE_HEADERS)
    const fields = endpoint.body?.serializer.members.map(({ name }) => name) ?? []
    return fc
      .record({
        asker: mostly<Asker>(fc.constant('admin'), fc.constantFrom(...ASKERS)),
        method: mostly<string>(fc.constant(endpoint.method), fc.constantFrom(...METHODS)),
        address: addresses(endpoint.path, surface.ids),
        query: queries(endpoint.parameters.map(({ name }) => name)),
        headers: mostly<HostileRequest['headers']>(fc.constant([]), fc.array(header, { minLength: 1, maxLength: 2 })),
        body: endpoint.body ? bodies(fields) : mostly<string | null>(fc.constant(null), bodies(['x'])),
        isChunked: fc.boolean(),
      })
      .map(({ address, query, ...request }) => ({ ...request, path: address + query }))
  })
}

function mostly<Value>(usual: fc.Arbitrary<Value>, odd: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

function addresses(path: string, ids: readonly string[]): fc.Arbitrary<string> {
  const id = mostly(fc.constantFrom(...ids), fc.constantFrom(...STRANGE_IDS))
  return fc.tuple(id, fc.boolean()).map(([id, hasSlash]) => {
    const address = path.replace(':id', id)
    return hasSlash ? address : address.replace(/\/$/, '')
  })
}

function queries(known: readonly string[]): fc.Arbitrary<string> {
  const strange = fc.constantFrom(...STRANGE_NAMES)
  const name = known.length === 0 ? strange : mostly(fc.constantFrom(...known), strange)
  const random = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed()))
  const part = fc.tuple(name, mostly(fc.constantFrom(...HOSTILE_TEXTS), random)).map((parts) => parts.join('='))
  const some = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `?${parts.join('&')}`)
  return known.length === 0 ? mostly(fc.constant(''), some) : fc.oneof(fc.constant(''), some)
}

/** Names of fields with hostile values, beside a name that is right. */
function bodies(fields: readonly string[]): fc.Arbitrary<string | null> {
  const value = fc.oneof(fc.constantFrom(...HOSTILE_JSON), fc.json({ maxDepth: 4 }))
  const member = fc.tuple(fc.constantFrom(...fields), value).map(([name, json]) => `${JSON.stringify(name)}:${json}`)
  const object = fc.array(member, { maxLength: 2 }).map((members) => `{${['"name":"Fuzz"', ...members].join()}}`)
  const odd = fc.oneof(fc.constant(null), fc.constantFrom(...HOSTILE_BODIES), fc.json())
  return mostly<string | null>(object, odd)
}
