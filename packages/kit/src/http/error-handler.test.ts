import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ApiError, validationError } from '../base/index.ts'
import { createLogger } from './index.ts'
import { refused, serve, type TestServer } from './test-server.ts'

/** As the `db` area throws them; this area must know them by their name and kind alone. */
function databaseError(kind: string): Error {
  return Object.assign(new Error('duplicate key (email)=(asha@acme.test)'), { name: 'DatabaseError', kind })
}

const THROWN: Readonly<Record<string, () => unknown>> = {
  validation: () => validationError({ 'items.0.qty': ['A valid integer is required.'] }),
  unauthenticated: () => new ApiError('not_authenticated'),
  throttled: () => new ApiError('throttled', { headers: { 'retry-after': '60' } }),
  unforeseen: () => new Error('password of asha is hunter2'),
  text: () => 'just a text',
  nothing: () => undefined,
  library: () => Object.assign(new Error('secret words'), { statusCode: 403 }),
  odd: () => Object.assign(new Error('secret words'), { statusCode: 418 }),
}

describe('the error handler', () => {
  let api: TestServer
  const lines: string[] = []
  before(async () => {
    const logger = createLogger({ debug: false, log: { level: 'info' } }, { write: (line: string) => lines.push(line) })
    api = await serve({
      logger,
      routes: (server) => {
        server.get<{ Params: { name: string } }>('/throw/:name/', async (request) => {
          throw THROWN[request.params.name]?.()
        })
        server.get<{ Params: { kind: string } }>('/database/:kind/', async (request) => {
          throw databaseError(request.params.kind)
        })
        server.get(
          '/schema/',
          { schema: { querystring: { type: 'object', properties: { n: { type: 'integer' } } } } },
          () => 1,
        )
        server.get('/broken/', async () => ({ big: 1n }))
      },
    })
  })
  after(() => api.server.close())
  const thrown = (name: string) => fetch(`${api.url}/throw/${name}/`)
  const fromDatabase = (kind: string) => fetch(`${api.url}/database/${kind}/`)

  it('tells the messages of each field', async () => {
    const body = await refused(await thrown('validation'), 400, 'validation_failed')
    assert.equal(body.message, 'Validation failed')
    assert.deepEqual(body.errors, { 'items.0.qty': ['A valid integer is required.'] })
  })

  it('names the scheme of credentials with every 401', async () => {
    const response = await thrown('unauthenticated')
    await refused(response, 401, 'not_authenticated')
    assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="api"')
  })

  it('passes on the headers of a refusal', async () => {
    const response = await thrown('throttled')
    await refused(response, 429, 'throttled')
    assert.equal(response.headers.get('retry-after'), '60')
  })

  it('tells nothing of an unforeseen error, and logs it under the request id', async () => {
    lines.length = 0
    const body = await refused(await thrown('unforeseen'), 500, 'internal_error')
    assert.equal(body.message, 'Server error.')
    const logged = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error')
    assert.equal(logged.request_id, body.meta.request_id)
    assert.match(logged.err.stack, /password of asha is hunter2/)
  })

  it('answers 500 to whatever else is thrown, be it no error at all', async () => {
    for (const name of ['text', 'nothing']) await refused(await thrown(name), 500, 'internal_error')
    await refused(await fetch(`${api.url}/broken/`), 500, 'internal_error')
  })

  it('takes the status of a library, but not its words', async () => {
    const body = await refused(await thrown('library'), 403, 'permission_denied')
    assert.ok(!body.message.includes('secret'))
    await refused(await thrown('odd'), 400, 'bad_request')
  })

  it('tells the errors of a database apart by their kind, and nothing of their text', async () => {
    const expected = [
      ['unique', 409, 'conflict'],
      ['foreign_key', 409, 'conflict'],
      ['invalid_value', 400, 'bad_request'],
      ['conflict', 503, 'service_unavailable'],
      ['unavailable', 503, 'service_unavailable'],
      ['missing_table', 500, 'internal_error'],
    ] as const
    for (const [kind, status, code] of expected) {
      const response = await fromDatabase(kind)
      const body = await refused(response, status, code)
      assert.ok(!JSON.stringify(body).includes('asha@acme.test'))
      assert.equal(response.headers.get('retry-after'), status === 503 ? '1' : null)
    }
  })

  it('names the parameter that a schema refuses', async () => {
    const body = await refused(await fetch(`${api.url}/schema/?n=x`), 400, 'validation_failed')
    assert.deepEqual(body.errors, { n: ['must be integer'] })
  })

  it('never lets an error be kept by a cache', async () => {
    assert.equal((await thrown('unforeseen')).headers.get('cache-control'), 'no-store')
  })
})
