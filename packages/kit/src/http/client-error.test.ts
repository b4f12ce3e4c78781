import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { refusedRaw, serve, type TestServer } from './test-server.ts'

describe('what is not a request', () => {
  let api: TestServer
  before(async () => {
    api = await serve({
      timeouts: { headersMs: 200, requestMs: 300 },
      routes: (server) => server.post('/echo/', async (request) => ({ body: request.body })),
    })
  })
  after(() => api.server.close())
  const head = 'POST /echo/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'

  it('is refused in the envelope', async () => {
    const lines = ['nonsense\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'BREW / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n']
    for (const bytes of lines) refusedRaw(await api.raw(bytes), 400, 'parse_error')
  })

  it('is refused when its lengths contradict each other, as smuggled requests do', async () => {
    refusedRaw(
      await api.raw(`${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      400,
      'parse_error',
    )
    refusedRaw(await api.raw(`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\n123`), 400, 'parse_error')
    refusedRaw(await api.raw(`${head}Content-Length: x\r\n\r\n`), 400, 'parse_error')
    refusedRaw(await api.raw(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`), 400, 'parse_error')
  })

  it('is refused with 431 when its headers are too large, the address among them', async () => {
    refusedRaw(
      await api.raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`),
      431,
      'headers_too_large',
    )
    refusedRaw(
      await api.raw(`GET /${'x'.repeat(200_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
      431,
      'headers_too_large',
    )
  })

  it('is refused with 408 when it does not arrive in time', async () => {
    refusedRaw(await api.raw('GET / HTTP/1.1\r\nHost: 127.'), 408, 'request_timeout')
    refusedRaw(await api.raw(`${head}Content-Length: 50\r\n\r\n{"a"`), 408, 'request_timeout')
  })

  it('leaves the server standing when its sender hangs up on the refusal', async () => {
    for (const bytes of [
      'CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'nonsense\r\n\r\n',
      `${head}\r\n`,
    ]) {
      const socket = await api.connect()
      socket.write(bytes, () => socket.resetAndDestroy())
      await once(socket, 'close')
    }
    assert.match(await api.raw('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 404 /)
  })

  it('is refused with the envelope when it names no host', async () => {
    refusedRaw(await api.raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'), 400, 'invalid_host')
  })

  it('is served when it asks for nothing but an unknown expectation or upgrade', async () => {
    const rest = 'Host: 127.0.0.1\r\nConnection: close\r\n'
    const expecting = await api.raw(`GET /api/health/live/ HTTP/1.1\r\nExpect: magic\r\n${rest}\r\n`)
    assert.match(expecting, /^HTTP\/1.1 200 /)
    const upgrading = await api.raw(`GET /api/health/live/ HTTP/1.1\r\nUpgrade: websocket\r\n${rest}\r\n`)
    assert.match(upgrading, /^HTTP\/1.1 200 /)
    refusedRaw(await api.raw(`CONNECT 127.0.0.1:80 HTTP/1.1\r\n${rest}\r\n`), 405, 'method_not_allowed')
  })
})
