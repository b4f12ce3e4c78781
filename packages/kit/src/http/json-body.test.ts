import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { successEnvelope } from './index.ts'
import { isDeeperThan } from './json-body.ts'
import { refused, serve, type TestServer } from './test-server.ts'

describe('a body', () => {
  let api: TestServer
  before(async () => {
    api = await serve({
      env: { BODY_LIMIT: '1000000' },
      routes: (server) => {
        server.post('/echo/', async (request) =>
          successEnvelope(request.body === undefined ? 'undefined' : request.body, { requestId: request.requestId }),
        )
      },
    })
  })
  after(() => api.server.close())
  const post = (body: string | Buffer | null, type = 'application/json') =>
    fetch(`${api.url}/echo/`, {
      method: 'POST',
      body: body === null ? null : Buffer.from(body),
      headers: { 'content-type': type },
    })
  const faultOf = async (body: string | Buffer) => (await refused(await post(body), 400, 'parse_error')).message
  const echoed = async (body: string | null, type?: string) => {
    const response = await post(body, type)
    assert.equal(response.status, 200)
    // What the route above sends.
    return ((await response.json()) as { data: unknown }).data
  }

  it('of JSON is read, with or without a charset', async () => {
    assert.deepEqual(await echoed('{"name":"سلام"}', 'application/json; charset=utf-8'), { name: 'سلام' })
    assert.deepEqual(await echoed('{"constructor":"x"}'), { constructor: 'x' })
  })

  it('that is empty is left to the view', async () => {
    assert.equal(await echoed(null), 'undefined')
    assert.equal(await echoed(''), 'undefined')
  })

  it('of malformed JSON is refused, saying where and quoting nothing of it', async () => {
    assert.match(await faultOf('{"a":1,}'), /^JSON parse error - .*position 7/)
    assert.equal(await faultOf('{"password": hunter2}'), "JSON parse error - Unexpected token 'h'")
    assert.equal(await faultOf('{"a":'), 'JSON parse error - Unexpected end of JSON input')
    assert.match(await faultOf('NaN'), /^JSON parse error - /)
    assert.match(await faultOf('{} {}'), /^JSON parse error - /)
    assert.match(await faultOf('  '), /^JSON parse error - /)
  })

  it('with keys that reach into prototypes is refused', async () => {
    assert.match(await faultOf('{"a":{"__proto__":{"isAdmin":true}}}'), /a key that is not allowed/)
    assert.match(await faultOf('{"constructor":{"prototype":{"x":1}}}'), /a key that is not allowed/)
  })

  it('that is not UTF-8 is refused', async () => {
    assert.equal(await faultOf(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 'JSON parse error - invalid UTF-8')
    assert.equal(await faultOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 'JSON parse error - invalid UTF-8')
  })

  it('nested 100 levels deep is read, and deeper is refused', async () => {
    assert.equal(JSON.stringify(await echoed('['.repeat(100) + ']'.repeat(100))), '['.repeat(100) + ']'.repeat(100))
    const message = 'JSON parse error - nested more than 100 levels deep'
    assert.equal(await faultOf('['.repeat(101) + ']'.repeat(101)), message)
    assert.equal(await faultOf('{"a":'.repeat(100_000)), message)
    assert.equal(await faultOf('['.repeat(400_000) + ']'.repeat(400_000)), message)
  })

  it('of another type is refused by name', async () => {
    const refusal = await refused(await post('a,b', 'text/csv'), 415, 'unsupported_media_type')
    assert.equal(refusal.message, 'Unsupported media type "text/csv" in request.')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'nonsense']) {
      await refused(await post('a=b', type), 415, 'unsupported_media_type')
    }
  })

  it('that is compressed or of another charset is refused, not misread', async () => {
    const send = (headers: Record<string, string>) =>
      fetch(`${api.url}/echo/`, {
        method: 'POST',
        body: '1',
        headers: { 'content-type': 'application/json', ...headers },
      })
    const gzip = await refused(await send({ 'content-encoding': 'gzip' }), 415, 'unsupported_media_type')
    assert.equal(gzip.message, 'Unsupported content encoding "gzip" in request.')
    const utf16 = await send({ 'content-type': 'application/json; charset=utf-16' })
    assert.match((await refused(utf16, 415, 'unsupported_media_type')).message, /charset "utf-16"/)
    for (const charset of ['UTF-8', '"utf-8"', 'utf8', 'us-ascii']) {
      assert.equal(await echoed('1', `application/json; charset=${charset}`), 1)
    }
    assert.equal((await send({ 'content-encoding': 'identity' })).status, 200)
  })

  it('that is too large is refused, and the client gets to read so', async () => {
    await refused(await post(Buffer.alloc(10_000_000, ' ')), 413, 'payload_too_large')
    const stream = new Blob([Buffer.alloc(3_000_000, ' ')]).stream()
    const headers = { 'content-type': 'application/json' }
    const chunked = await fetch(`${api.url}/echo/`, { method: 'POST', body: stream, headers, duplex: 'half' })
    await refused(chunked, 413, 'payload_too_large')
  })

  it('that ends before its Content-Length leaves the server standing', async () => {
    const socket = await api.connect()
    socket.end(
      'POST /echo/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"a"',
    )
    socket.resume()
    assert.equal(await echoed('1'), 1)
    socket.destroy()
  })
})

it('brackets inside strings do not nest', () => {
  assert.equal(isDeeperThan(Buffer.from('["[[[\\"[[", "\\\\", "]"]'), 1), false)
  assert.equal(isDeeperThan(Buffer.from('[{"a":[]}]'), 2), true)
  assert.equal(isDeeperThan(Buffer.from('[[],[],[]]'), 2), false)
})
