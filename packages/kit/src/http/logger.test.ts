import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLogger } from './index.ts'
import { prettyLog } from './pretty-log.ts'
import { serve } from './test-server.ts'

function createRecordedLogger(level: 'info' | 'warn' = 'info') {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  return { lines, logger: createLogger({ debug: false, log: { level } }, stream) }
}

describe('the log', () => {
  it('shows no password, token or cookie, at whatever depth', () => {
    const { lines, logger } = createRecordedLogger()
    logger.info({
      headers: { authorization: 'Bearer hunter2', Cookie: 'hunter2', host: 'shown' },
      body: { password: 'hunter2', items: [{ refresh: 'hunter2', access: 'hunter2' }], new_password: 'hunter2' },
      client_secret: 'hunter2',
    })
    const error = Object.assign(new Error('failed'), { token: 'hunter2', request: { jwt: 'hunter2' } })
    logger.error({ err: error }, 'failed')
    assert.ok(!lines.join('').includes('hunter2'))
    assert.match(lines[0] ?? '', /"host":"shown"/)
    assert.match(lines[1] ?? '', /"stack":"Error: failed/)
  })

  it('survives what refers to itself', () => {
    const { lines, logger } = createRecordedLogger()
    const circular: Record<string, unknown> = {}
    circular.self = circular
    logger.info({ circular })
    assert.equal(lines.length, 1)
  })

  it('has one line for each request, with sensitive parameters left out', async () => {
    const { lines, logger } = createRecordedLogger()
    const api = await serve({ logger })
    await fetch(`${api.url}/api/health/live/?page=2&token=hunter2&reset_password=hunter2`, {
      headers: { 'X-Request-Id': 'trace-1', Authorization: 'Bearer hunter2' },
    })
    await fetch(`${api.url}/%zz`)
    await fetch(`${api.url}/nowhere/`)
    await api.server.close()
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
    assert.deepEqual(
      requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
      [
        'GET /api/health/live/?page=2&token=[redacted]&reset_password=[redacted] 200',
        'GET /%zz 400',
        'GET /nowhere/ 404',
      ],
    )
    assert.equal(requests[0].request_id, 'trace-1')
    assert.equal(typeof requests[0].ms, 'number')
    assert.ok(!lines.join('').includes('hunter2'))
  })

  it('leaves requests out above info', async () => {
    const { lines, logger } = createRecordedLogger('warn')
    const api = await serve({ logger })
    await fetch(`${api.url}/api/health/live/`)
    await api.server.close()
    assert.deepEqual(lines, [])
  })

  it('is for people with DEBUG', () => {
    const output: string[] = []
    const logger = createLogger(
      { debug: true, log: { level: 'info' } },
      prettyLog({ write: (text) => output.push(text) }),
    )
    logger.info({ method: 'GET', path: '/api/clients/', status: 200, ms: 12 }, 'request')
    logger.warn({ err: new Error('no route to host') }, 'Redis is out of reach')
    assert.match(output[0] ?? '', /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] "GET \/api\/clients\/" 200 12ms\n$/)
    assert.match(output[1] ?? '', /\] WARN Redis is out of reach\nError: no route to host\n/)
    logger.info({ method: 'GET', path: '/api/', status: 200, ms: 12, queries: 1, db_ms: 3.1 }, 'request')
    logger.warn({ sql: 'select 1', ms: 300 }, 'slow query')
    assert.match(output[2] ?? '', / 200 12ms \(1 query, 3\.1ms\)\n$/)
    assert.match(output[3] ?? '', /\] WARN slow query \(300ms\): select 1\n$/)
  })
})
