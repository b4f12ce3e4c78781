import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createHostCheck } from './allowed-hosts.ts'
import { refusedRaw, serve } from './test-server.ts'

describe('a host', () => {
  const check = (allowed: string[]) => createHostCheck(allowed)

  it('is allowed by its name, whatever its port, case or final dot', () => {
    const isAllowed = check(['api.example.com', '[::1]'])
    for (const host of ['api.example.com', 'api.example.com:8000', 'API.Example.com', 'api.example.com.', '[::1]:80']) {
      assert.ok(isAllowed(host), host)
    }
    for (const host of ['example.com', 'x.api.example.com', 'api.example.com.evil.test', '', 'api.example.com:80:90']) {
      assert.ok(!isAllowed(host), host)
    }
  })

  it('is allowed with its subdomains by a name with a leading dot', () => {
    const isAllowed = check(['.example.com'])
    assert.ok(isAllowed('example.com') && isAllowed('a.b.example.com'))
    assert.ok(!isAllowed('notexample.com'))
  })

  it('is allowed by * if it is a host at all', () => {
    const isAllowed = check(['*'])
    assert.ok(isAllowed('anything.test') && isAllowed('10.0.0.1:80'))
    for (const host of ['', 'evil.test/path', 'user@evil.test', '<script>', 'a b']) assert.ok(!isAllowed(host), host)
  })

  it('that is not ours is refused before anything else, with the headers of every answer', async () => {
    const api = await serve()
    const answer = await api.raw('GET /api/health/live/ HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n')
    assert.equal(refusedRaw(answer, 400, 'invalid_host').message, 'Invalid host header.')
    await api.server.close()
  })

  it('of this machine is ours with DEBUG', async () => {
    const api = await serve({ env: { DEBUG: 'true', ALLOWED_HOSTS: 'api.example.com' } })
    for (const host of ['localhost:8000', '127.0.0.1', '[::1]', 'api.example.com']) {
      const answer = await api.raw(`GET /api/health/live/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      assert.match(answer, /^HTTP\/1.1 200 /)
    }
    await api.server.close()
  })
})
