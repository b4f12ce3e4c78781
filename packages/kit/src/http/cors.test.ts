import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refused, serve, type TestServer } from './test-server.ts'

const APP = 'https://app.example.com'

async function withServer(env: Record<string, string>, use: (api: TestServer) => Promise<void>): Promise<void> {
  const api = await serve({ env, routes: (server) => server.get('/x/', async () => ({ ok: true })) })
  await use(api).finally(() => api.server.close())
}

function preflight(url: string, origin: string): Promise<Response> {
  const headers = {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  }
  return fetch(url, { method: 'OPTIONS', headers })
}

describe('a page of another origin', () => {
  it('is told nothing where no origin is allowed', () =>
    withServer({}, async (api) => {
      const response = await fetch(`${api.url}/x/`, { headers: { origin: APP } })
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('access-control-allow-origin'), null)
      assert.equal(response.headers.get('vary'), null)
    }))

  it('may call with credentials where its origin is allowed, and read refusals too', () =>
    withServer({ CORS_ALLOWED_ORIGINS: APP }, async (api) => {
      for (const path of ['/x/', '/nowhere/', '/x/?a=%zz']) {
        const response = await fetch(`${api.url}${path}`, { headers: { origin: APP } })
        assert.equal(response.headers.get('access-control-allow-origin'), APP)
        assert.equal(response.headers.get('access-control-allow-credentials'), 'true')
        assert.equal(response.headers.get('access-control-expose-headers'), 'X-Request-Id, Retry-After, Location, ETag')
        assert.equal(response.headers.get('vary'), 'Origin')
      }
    }))

  it('may not where another is', () =>
    withServer({ CORS_ALLOWED_ORIGINS: APP }, async (api) => {
      for (const origin of ['https://evil.test', `${APP}.evil.test`, 'null']) {
        const response = await fetch(`${api.url}/x/`, { headers: { origin } })
        assert.equal(response.headers.get('access-control-allow-origin'), null)
      }
    }))

  it('may call from anywhere, without cookies, where all origins are allowed', () =>
    withServer({ CORS_ALLOW_ALL_ORIGINS: 'true' }, async (api) => {
      const response = await fetch(`${api.url}/x/`, { headers: { origin: 'https://any.test' } })
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.equal(response.headers.get('access-control-allow-credentials'), null)
    }))

  it('gets its preflight answered, with the methods of the path', () =>
    withServer({ CORS_ALLOWED_ORIGINS: APP }, async (api) => {
      const response = await preflight(`${api.url}/x/`, APP)
      assert.equal(response.status, 204)
      assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS')
      assert.equal(response.headers.get('access-control-allow-origin'), APP)
      assert.equal(response.headers.get('access-control-allow-headers'), 'authorization')
      assert.match(response.headers.get('access-control-allow-methods') ?? '', /PATCH/)
      await refused(await preflight(`${api.url}/nowhere/`, APP), 404, 'not_found')
    }))

  it('gets Allow from an OPTIONS that is no preflight', () =>
    withServer({ CORS_ALLOWED_ORIGINS: APP }, async (api) => {
      const response = await fetch(`${api.url}/x/`, { method: 'OPTIONS' })
      assert.equal(response.status, 204)
      assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS')
    }))
})
