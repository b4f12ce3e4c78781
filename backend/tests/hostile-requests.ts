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

/** Random requests to the documented addresses: half of them as they should be but for one thing, half of them wild. */
export function hostileRequests(surface: Surface): fc.Arbitrary<HostileRequest> {
  return fc.constantFrom(...surface.endpoints).chain((endpoint) =>
    fc
      .record({
        asker: fc.constantFrom(...ASKERS),
        method: fc.oneof(
          { weight: 5, arbitrary: fc.constant(endpoint.method as string) }, // as: of any method
          { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
        ),
        address: addresses(endpoint.path, surface.ids),
        query: queries(endpoint.parameters.map(({ name }) => name)),
        headers: fc.array(fc.constantFrom(...HOSTILE_HEADERS), { maxLength: 2 }),
        body: bodies(endpoint.body?.serializer.members.map(({ name }) => name) ?? []),
        isChunked: fc.boolean(),
      })
      .map(({ address, query, ...request }) => ({ ...request, path: address + query })),
  )
}

function addresses(path: string, ids: readonly string[]): fc.Arbitrary<string> {
  const id = fc.constantFrom(...ids, ...ids, ...STRANGE_IDS)
  return fc.tuple(id, fc.boolean()).map(([id, hasSlash]) => {
    const address = path.replace(':id', id)
    return hasSlash ? address : address.replace(/\/$/, '')
  })
}

function queries(known: readonly string[]): fc.Arbitrary<string> {
  const strange = fc.constantFrom(...STRANGE_NAMES)
  const name = known.length === 0 ? strange : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, strange)
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
    },
  )
  const part = fc.tuple(name, value).map(([name, value]) => `${name}=${value}`)
  return fc.array(part, { maxLength: 4 }).map((parts) => (parts.length === 0 ? '' : `?${parts.join('&')}`))
}

function bodies(fields: readonly string[]): fc.Arbitrary<string | null> {
  const field = fields.length === 0 ? fc.constant('x') : fc.constantFrom(...fields)
  const value = fc.oneof(fc.constantFrom(...HOSTILE_JSON), fc.json({ maxDepth: 4 }))
  const member = fc.tuple(field, value).map(([name, json]) => `${JSON.stringify(name)}:${json}`)
  const valid = fc.array(member, { maxLength: 3 }).map((members) => `{${['"name":"Fuzz"', ...members].join()}}`)
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 6, arbitrary: valid },
    { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_BODIES) },
    { weight: 1, arbitrary: fc.json() },
  )
}
