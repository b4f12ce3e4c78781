import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { HealthCheck } from './index.ts'
import { serve } from './test-server.ts'

async function readiness(checks: Record<string, HealthCheck>) {
  const api = await serve({ checks })
  const response = await fetch(`${api.url}/api/health/ready/`)
  const text = await response.text()
  await api.server.close()
  return { status: response.status, text, body: JSON.parse(text), retryAfter: response.headers.get('retry-after') }
}

it('the server is live as long as it answers, whatever is down', async () => {
  const api = await serve({ checks: { database: () => Promise.reject(new Error('down')) } })
  const response = await fetch(`${api.url}/api/health/live/`)
  assert.equal(response.status, 200)
  assert.match(await response.text(), /^\{"data":\{"status":"ok"\},/)
  await api.server.close()
})

it('the server is ready when every check that is configured is ok', async () => {
  const { status, body } = await readiness({ database: async () => {}, redis: 'not configured' })
  assert.equal(status, 200)
  assert.deepEqual(body.data, { database: 'ok', redis: 'not configured' })
})

it('the server is not ready when a check fails, and does not tell why', async () => {
  const failing = () => Promise.reject(new Error('password hunter2 was refused by 10.0.0.5'))
  const { status, body, text, retryAfter } = await readiness({ database: failing, redis: async () => {} })
  assert.equal(status, 503)
  assert.equal(body.code, 'service_unavailable')
  assert.deepEqual(body.data, { database: 'down', redis: 'ok' })
  assert.equal(retryAfter, '1')
  assert.ok(!text.includes('hunter2') && !text.includes('10.0.0.5'))
})

it('a check that throws at once, or does not answer within a second, is down', async () => {
  const throwing = () => {
    throw new Error('at once')
  }
  const { body } = await readiness({ database: throwing, redis: () => new Promise(() => {}) })
  assert.deepEqual(body.data, { database: 'down', redis: 'down' })
})

it('many probes at once make one check', async () => {
  let runs = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const api = await serve({
    checks: {
      database: () => {
        runs += 1
        return promise
      },
    },
  })
  const probes = Array.from({ length: 5 }, () => fetch(`${api.url}/api/health/ready/`))
  await fetch(`${api.url}/api/health/live/`)
  resolve()
  for (const probe of await Promise.all(probes)) assert.equal(probe.status, 200)
  assert.ok(runs < 5)
  await api.server.close()
})
