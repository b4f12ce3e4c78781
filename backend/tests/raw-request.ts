import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'

export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string | readonly string[]])[]
  readonly body: string | null
  readonly isChunked: boolean
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

// Far beyond any answer: only a request that hangs comes to it.
const HANG_MS = 60_000

/** Sends a request as it is; `fetch` would tidy it up. */
export async function sendRaw(url: string, { method, path, headers, body, isChunked }: RawRequest): Promise<RawAnswer> {
  const sent = request(new URL(url), { method, path, agent: false, signal: AbortSignal.timeout(HANG_MS) })
  for (const [name, value] of headers) sent.setHeader(name, value)
  if (body !== null && !isChunked) sent.setHeader('content-length', Buffer.byteLength(body))
  // A server may answer and hang up before it has read all of a body.
  const answered = once(sent, 'response') as Promise<[IncomingMessage]> // as: Node's only argument
  sent.end(body ?? undefined)
  const [response] = await answered
  const chunks = await response.toArray()
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }
}
