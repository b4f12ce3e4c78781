import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ApiError, isId } from '../base/index.ts'
import { envelopeText, JSON_CONTENT_TYPE, successEnvelope } from './index.ts'
import { refused, serve, type TestServer } from './test-server.ts'

describe('the server', () => {
  let api: TestServer
  before(async () => {
    api = await serve({
      routes: (server) => {
        server.get('/api/clients/', async (request) => successEnvelope(['Asha'], { requestId: request.requestId }))
        server.post('/api/clients/', async (request, reply) => {
          reply.code(201)
          return successEnvelope(request.body ?? 'no body', { requestId: request.requestId })
        })
        server.get('/api/clients/:id/', async () => {
          throw new ApiError('not_found')
        })
        server.delete('/api/clients/:id/', async (request) => successEnvelope(null, { requestId: request.requestId }))
        server.get('/api/text/', (request, reply) => {
          reply.type(JSON_CONTENT_TYPE).send(envelopeText('[1]', { requestId: request.requestId }))
        })
      },
    })
  })
  after(() => api.server.close())

  it('answers with the envelope, and the request id in it and in a header', async () => {
    const response = await fetch(`${api.url}/api/clients/`)
    const id = response.headers.get('x-request-id')
    assert.ok(isId(id))
    assert.deepEqual(await response.json(), { data: ['Asha'], meta: { request_id: id } })
  })

  it('sends data that is JSON text already as JSON', async () => {
    const response = await fetch(`${api.url}/api/text/`, { headers: { 'X-Request-Id': 'abc' } })
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    assert.equal(await response.text(), '{"data":[1],"meta":{"request_id":"abc"}}')
  })

  it('keeps a sane request id of the client, and makes its own instead of any other', async () => {
    const idFor = async (id: string) =>
      (await fetch(`${api.url}/api/clients/`, { headers: { 'X-Request-Id': id } })).headers.get('x-request-id')
    assert.equal(await idFor('trace_1.A-9'), 'trace_1.A-9')
    for (const bad of ['a"b', 'a b', 'x'.repeat(65), '<script>']) assert.ok(isId(await idFor(bad)))
  })

  it('answers a path without its trailing slash as well, with no redirect, whatever the method', async () => {
    assert.equal((await fetch(`${api.url}/api/clients`, { redirect: 'error' })).status, 200)
    assert.equal((await fetch(`${api.url}/api/clients`, { method: 'POST', redirect: 'error' })).status, 201)
    assert.equal((await fetch(`${api.url}/api/clients?x=1`, { redirect: 'error' })).status, 200)
  })

  it('tells upper case from lower in paths', async () => {
    await refused(await fetch(`${api.url}/API/clients/`), 404, 'not_found')
  })

  it('answers an unknown path as it answers an unknown record', async () => {
    const record = await refused(await fetch(`${api.url}/api/clients/none/`), 404, 'not_found')
    const path = await refused(await fetch(`${api.url}/api/nowhere/`, { method: 'POST', body: '{' }), 404, 'not_found')
    assert.equal(path.message, record.message)
    assert.equal(path.message, 'Not found.')
  })

  it('answers 405 with Allow where the path exists with other methods', async () => {
    const response = await fetch(`${api.url}/api/clients/`, { method: 'PUT', body: '{"a":' })
    const body = await refused(response, 405, 'method_not_allowed')
    assert.equal(body.message, 'Method "PUT" not allowed.')
    assert.equal(response.headers.get('allow'), 'GET, POST, HEAD, OPTIONS')
    const detail = await fetch(`${api.url}/api/clients/1`, { method: 'PATCH' })
    assert.equal(detail.headers.get('allow'), 'GET, DELETE, HEAD, OPTIONS')
  })

  it('answers 405 to methods that HTTP has and the router has not', async () => {
    await refused(await fetch(`${api.url}/api/clients/`, { method: 'PROPFIND' }), 405, 'method_not_allowed')
    await refused(await fetch(`${api.url}/nowhere/`, { method: 'PROPFIND' }), 404, 'not_found')
  })

  it('answers HEAD where it answers GET, without a body', async () => {
    const response = await fetch(`${api.url}/api/clients/`, { method: 'HEAD' })
    assert.equal(response.status, 200)
    assert.ok(Number(response.headers.get('content-length')) > 0)
    assert.equal(await response.text(), '')
  })

  it('answers OPTIONS with Allow and 204', async () => {
    const response = await fetch(`${api.url}/api/clients/`, { method: 'OPTIONS' })
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('allow'), 'GET, POST, HEAD, OPTIONS')
    await refused(await fetch(`${api.url}/nowhere/`, { method: 'OPTIONS' }), 404, 'not_found')
  })

  it('refuses an address that is not percent-encoded UTF-8', async () => {
    for (const path of ['/api/clients/%zz/', '/api/clients/%C3/', '/%']) {
      const response = await fetch(`${api.url}${path}`)
      await refused(response, 400, 'parse_error')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    }
  })

  it('refuses a path parameter of unreasonable length', async () => {
    await refused(await fetch(`${api.url}/api/clients/${'x'.repeat(300)}/`), 414, 'uri_too_long')
  })
})

it('a proxy that is not trusted cannot speak for the client, and one that is can', async () => {
  const routes: Parameters<typeof serve>[0] = {
    routes: (server) => server.get('/ip/', async (request) => ({ ip: request.ip, protocol: request.protocol })),
  }
  const headers = { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7', 'X-Forwarded-Proto': 'https' }
  const expected = [
    [{}, { ip: '127.0.0.1', protocol: 'http' }],
    [{ TRUST_PROXY: '1' }, { ip: '198.51.100.7', protocol: 'https' }],
    [{ TRUST_PROXY: 'loopback,198.51.100.0/24' }, { ip: '203.0.113.9', protocol: 'https' }],
  ] as const
  for (const [env, seen] of expected) {
    const api = await serve({ ...routes, env })
    assert.deepEqual(await (await fetch(`${api.url}/ip/`, { headers })).json(), seen)
    await api.server.close()
  }
})
