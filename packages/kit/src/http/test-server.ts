import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { readSettings } from '../settings/index.ts'
import { createServer, type ServerOptions } from './create-server.ts'

export interface TestServer {
  readonly server: FastifyInstance
  readonly url: string
  /** Sends the bytes as they are, and answers all that comes back until the server hangs up. */
  raw(bytes: string | Buffer): Promise<string>
  /** Opens a connection and leaves it to the test. */
  connect(): Promise<import('node:net').Socket>
}

export interface TestServerOptions extends Omit<ServerOptions, 'settings'> {
  readonly env?: Readonly<Record<string, string>>
  readonly routes?: (server: FastifyInstance) => void
}

const SECRET = 'k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1qW4eR6'
const PRODUCTION = { SECRET_KEY: SECRET, JWT_SECRET_KEY: SECRET, ALLOWED_HOSTS: '127.0.0.1', LOG_LEVEL: 'silent' }

/** Serves over real HTTP on a free port, as without DEBUG. */
export async function serve({ env = {}, routes, ...options }: TestServerOptions = {}): Promise<TestServer> {
  const server = await createServer({ settings: readSettings({ ...PRODUCTION, ...env }), ...options })
  routes?.(server)
  await server.listen({ port: 0, host: '127.0.0.1' })
  const port = Number(new URL(server.listeningOrigin).port)
  const open = async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
  const raw = async (bytes: string | Buffer) => {
    const socket = await open()
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.write(bytes)
    await once(socket, 'close')
    return Buffer.concat(chunks).toString()
  }
  return { server, url: server.listeningOrigin, raw, connect: open }
}

export interface ErrorBody {
  readonly data: unknown
  readonly message: string
  readonly code: string
  readonly errors: Readonly<Record<string, readonly string[]>>
  readonly meta: { readonly request_id: string }
}

/** Asserts that the answer is an error in the envelope, and answers its body. */
export async function refused(response: Response, status: number, code: string): Promise<ErrorBody> {
  assert.equal(response.status, status)
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
  // What the shape is, the assertions below tell.
  const body = (await response.json()) as ErrorBody
  assert.deepEqual(Object.keys(body).sort(), ['code', 'data', 'errors', 'message', 'meta'])
  assert.equal(body.code, code)
  assert.equal(body.data, null)
  assert.equal(body.meta.request_id, response.headers.get('x-request-id'))
  return body
}

/** As `refused`, for an answer in raw bytes. */
export function refusedRaw(answer: string, status: number, code: string): ErrorBody {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const headers = new Map(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => [line.split(':', 1)[0]?.toLowerCase(), line]),
  )
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
  assert.match(headers.get('x-content-type-options') ?? '', /nosniff/)
  const parsed = JSON.parse(body) as ErrorBody
  assert.equal(parsed.code, code)
  assert.equal(parsed.data, null)
  assert.ok(headers.get('x-request-id')?.endsWith(parsed.meta.request_id))
  return parsed
}
