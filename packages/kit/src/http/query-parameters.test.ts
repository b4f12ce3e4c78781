import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { refused, refusedRaw, serve, type TestServer } from './test-server.ts'

describe('the query', () => {
  let api: TestServer
  before(async () => {
    api = await serve({ routes: (server) => server.get('/q/', async (request) => ({ query: request.query })) })
  })
  after(() => api.server.close())
  const get = (query: string) => fetch(`${api.url}/q/?${query}`)
  // What the route above sends.
  const parsed = async (query: string) => ((await (await get(query)).json()) as { query: unknown }).query

  it('is parsed by name, with repeated names as arrays', async () => {
    assert.deepEqual(await parsed('a=1&b=x%20y&c=p+q&a=2&a=3&empty=&bare&=v'), {
      a: ['1', '2', '3'],
      b: 'x y',
      c: 'p q',
      empty: '',
      bare: '',
      '': 'v',
    })
    assert.deepEqual(await parsed('name=%D8%B3%D9%84%D8%A7%D9%85&&x=a=b'), { name: 'سلام', x: 'a=b' })
  })

  it('cannot reach into a prototype', async () => {
    const text = await (await get('__proto__=1&__proto__=2&constructor=3&toString=4')).text()
    assert.equal(text, '{"query":{"__proto__":["1","2"],"constructor":"3","toString":"4"}}')
  })

  it('that is not percent-encoded UTF-8 is refused, lone surrogates among it', async () => {
    for (const query of ['a=%zz', 'a=%', '%C3=1', 'a=%ED%A0%80', 'a=%FF']) {
      const body = await refused(await get(query), 400, 'parse_error')
      assert.equal(body.message, 'Malformed query: it is not percent-encoded UTF-8.')
    }
  })

  it('of bytes that were not encoded is refused', async () => {
    refusedRaw(await api.raw(Buffer.from('GET /q/?a=é HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')), 400, 'parse_error')
  })

  it('is not what stands behind a #, with which the address is refused', async () => {
    for (const target of ['/q/#a=1', '/q/?a=1#b', '/q/#a=?b=1', 'http://127.0.0.1/q/#a=1']) {
      const answer = await api.raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
      refusedRaw(answer, 400, 'parse_error')
    }
    assert.deepEqual(await parsed('a=%23b'), { a: '#b' })
  })

  it('with a NUL is refused by the name of its parameter', async () => {
    const body = await refused(await get('ok=1&name=a%00b'), 400, 'validation_failed')
    assert.deepEqual(body.errors, { name: ['Null characters are not allowed.'] })
    await refused(await get('na%00me=1'), 400, 'validation_failed')
  })

  it('of more than 200 parameters is refused', async () => {
    assert.equal((await get(Array.from({ length: 200 }, (_, index) => `p${index}=1`).join('&'))).status, 200)
    await refused(await get('a=1&'.repeat(200)), 400, 'bad_request')
  })

  it('that is malformed does not hide that a path is unknown from the envelope', async () => {
    await refused(await fetch(`${api.url}/nowhere/?a=%zz`), 404, 'not_found')
  })
})
