import assert from 'node:assert/strict'
import { it } from 'node:test'
import { serve } from './test-server.ts'

const EXPECTED = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

it('every answer has the security headers, refusals as well', async () => {
  const api = await serve()
  for (const path of ['/api/health/live/', '/nowhere/', '/%zz', '/api/health/live/?a=%zz']) {
    const response = await fetch(api.url + path)
    for (const [name, value] of Object.entries(EXPECTED))
      assert.equal(response.headers.get(name), value, `${path} ${name}`)
    assert.equal(response.headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains')
  }
  await api.server.close()
})

it('HSTS is left out with DEBUG', async () => {
  const api = await serve({ env: { DEBUG: 'true' } })
  assert.equal((await fetch(`${api.url}/api/health/live/`)).headers.get('strict-transport-security'), null)
  await api.server.close()
})

it('a page sets its own policy and caching', async () => {
  const api = await serve({
    routes: (server) => {
      server.get('/docs/', { config: { contentSecurityPolicy: "default-src 'self'" } }, (_request, reply) => {
        reply.header('cache-control', 'public, max-age=3600').type('text/html').send('<!doctype html>')
      })
    },
  })
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(`${api.url}/docs/`, { method })
    assert.equal(response.headers.get('content-security-policy'), "default-src 'self'")
    assert.equal(response.headers.get('cache-control'), 'public, max-age=3600')
    assert.equal(response.headers.get('x-frame-options'), 'DENY')
  }
  await api.server.close()
})
