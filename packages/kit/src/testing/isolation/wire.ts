import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { Attack } from './attack.ts'
import type { World } from './world.ts'

/** A request in the form that one world takes. */
export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly body: string | null
  readonly headers: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The connections to one world: kept open, several at once. */
export class Wire {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 })
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  send({ method, path, body, headers }: SentRequest): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const { port } = new URL(this.#world.url)
    const options = { agent: this.#agent, host: '127.0.0.1', port, method, path, headers }
    const sending = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode = 0, headers: got } = response
        resolve({ status: statusCode, headers: got, body: Buffer.concat(chunks).toString() })
      })
    })
    sending.on('error', reject)
    sending.end(body ?? undefined)
    return promise
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** The attack as one world is asked: with its ids, its token, and a request id that is the same everywhere. */
export function requestOf(attack: Attack, world: World): SentRequest {
  const { ids, credentials } = world
  const { token = null } = credentials.get(attack.client) ?? {}
  const query = attack.query.map(([name, value]) => `${encode(name)}=${encode(ids.written(value))}`).join('&')
  const body = attack.body === undefined ? null : ids.written(JSON.stringify(attack.body))
  const own = Object.entries(attack.headers ?? {}).map(([name, value]) => [name, ids.written(value)])
  return {
    method: attack.endpoint.method,
    path: `${ids.written(attack.path)}${query === '' ? '' : `?${query}`}`,
    body,
    headers: {
      // Every world is called by one name: it stands in the links between pages.
      host: 'localhost',
      'x-request-id': 'isolation',
      ...(body !== null && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...Object.fromEntries(own),
    },
  }
}

const encode = (text: string): string => encodeURIComponent(text.toWellFormed())
