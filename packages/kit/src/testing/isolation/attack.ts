import type { Endpoint } from '../../rest/index.ts'
import type { ClientName } from './clients.ts'

/** One request of an attacker, the same for every world: ids that differ stand in it by their names, as `«b/admin»`. */
export interface Attack {
  /** What is tried: `foreign id in the path`. */
  readonly operator: string
  readonly endpoint: Endpoint
  readonly client: ClientName
  /** With the parts of the path filled in, without a query. */
  readonly path: string
  readonly query: readonly QueryPart[]
  /** Sent as JSON; undefined: none. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** What the status may be, if the client may make the request at all. Left out: whatever it is in the other worlds. */
  readonly expects?: readonly number[]
}

export type QueryPart = readonly [name: string, value: string]

/** Whether it may change something, so that the worlds must take it one after another. */
export const isWriting = ({ endpoint }: Attack): boolean => endpoint.method !== 'GET'

/** The attack in one line, to be read and tried by hand. */
export function described({ operator, endpoint, client, path, query, body, headers }: Attack): string {
  const given = query.map(([name, value]) => `${name}=${value}`).join('&')
  const sent = body === undefined ? '' : ` ${JSON.stringify(body)}`
  const named = headers === undefined ? '' : ` ${JSON.stringify(headers)}`
  return `[${operator}] ${client}: ${endpoint.method} ${path}${given === '' ? '' : `?${given}`}${sent}${named}`
}
