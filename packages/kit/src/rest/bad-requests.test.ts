import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { allowAny } from '../auth/index.ts'
import { newId } from '../base/index.ts'
import { integer, json, model, text } from '../db/index.ts'
import { type Caller, type Reply, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { action, router, serializer, view, viewset } from './index.ts'

const Note = model('bad.Note', {
  scope: 'business',
  fields: { title: text(), marks: json().default([]) },
})
const Numbered = serializer('Numbered', { fields: { count: integer() } })
const Notes = viewset(Note, {
  search: ['title'],
  actions: {
    pin: action(Note, { detail: true, summary: 'Pin a note', run: async () => undefined }),
    totals: action(Note, {
      detail: false,
      method: 'GET',
      summary: 'Count the notes',
      response: Numbered,
      run: async ({ ctx }) => ({ count: await ctx.query(Note).count() }),
    }),
  },
})
const ping = view({
  method: 'POST',
  path: 'ping/',
  name: 'ping',
  summary: 'Answer',
  permission: allowAny,
  run: async () => undefined,
})
const NOTES = '/api/bad/notes/'

function refused(reply: Reply, errors: Record<string, readonly string[]>): void {
  assert.equal(reply.status, 400, reply.text)
  assert.equal(reply.body.code, 'validation_failed')
  assert.equal(JSON.stringify(reply.body.errors), JSON.stringify(errors))
}

for (const source of testApis([Note], [router('bad', { notes: Notes }, [ping])])) {
  describe(`a viewset on ${source.name}, asked for odd things`, () => {
    let api: ThrowawayApi
    let call: Caller
    let id: string
    const business = newId()
    before(async () => {
      api = await source.create()
      call = api.as({ business })
      for (const title of ['one', 'two', 'three?']) {
        id = (await call('POST', NOTES, { body: { title } })).body.data.id
      }
    })
    after(() => api.drop())

    test('refuses parameters of any name, __proto__ too, wherever it knows none', async () => {
      const list = await call('GET', `${NOTES}?__proto__=1`)
      assert.match(JSON.stringify(list.body.errors), /^{"__proto__":\["Unknown parameter\. Allowed: page,/)
      const twice = JSON.parse(
        '{"__proto__":["Give this parameter once. Several values stand between commas, as in status__in=a,b."]}',
      )
      refused(await call('GET', `${NOTES}?__proto__=1&__proto__=2`), twice)
      const one = JSON.parse('{"__proto__":["Unknown parameter. Allowed: fields, expand."]}')
      refused(await call('GET', `${NOTES}${id}/?__proto__=1`), one)
      const none = { x: ['Unknown parameter. This takes none.'] }
      refused(await call('POST', `${NOTES}?x=1`, { body: { title: 'x' } }), none)
      refused(await call('PATCH', `${NOTES}${id}/?x=1`, { body: { title: 'x' } }), none)
      refused(await call('DELETE', `${NOTES}${id}/?x=1`), none)
      refused(await call('POST', `${NOTES}${id}/pin/?x=1`), none)
      refused(await call('GET', `${NOTES}totals/?x=1`), none)
      refused(await call('POST', '/api/bad/ping/?x=1'), none)
    })

    test('refuses a body that says something where none means anything', async () => {
      const errors = { non_field_errors: ['This takes no body.'] }
      for (const body of [{ title: 'x' }, [1], 'true', '"x"', '0']) {
        refused(await call('POST', `${NOTES}${id}/pin/`, { body }), errors)
        refused(await call('POST', '/api/bad/ping/', { body }), errors)
        refused(await call('DELETE', `${NOTES}${id}/`, { body }), errors)
        refused(await call('POST', `${NOTES}${newId()}/restore/`, { body }), errors)
      }
      for (const body of [undefined, {}, 'null']) {
        assert.equal((await call('POST', `${NOTES}${id}/pin/`, { body })).status, 200)
      }
    })

    test('names the first of very many unknown fields', async () => {
      const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 0]))
      const reply = await call('POST', NOTES, { body: { title: 'x', ...many } })
      assert.equal(reply.status, 400)
      assert.equal(Object.keys(reply.body.errors).length, 50)
    })

    test('keeps an object of very many keys, and the deepest nesting it takes', async () => {
      const marks = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, 0]))
      const wide = await call('POST', NOTES, { body: { title: 'wide', marks: marks(9000) } })
      assert.deepEqual([wide.status, Object.keys(wide.body.data.marks).length], [201, 9000])
      refused(await call('POST', NOTES, { body: { title: 'wider', marks: marks(150_000) } }), {
        marks: ['Ensure this value has no more than 100000 characters as JSON.'],
      })
      const nested = (levels: number) =>
        `{"title":"deep","marks":${'{"a":'.repeat(levels - 1)}[]${'}'.repeat(levels - 1)}}`
      assert.equal((await call('POST', NOTES, { body: nested(30) })).status, 201)
      refused(await call('POST', NOTES, { body: nested(31) }), {
        marks: ['Value must not be nested more than 30 levels deep.'],
      })
    })

    test('changes no deleted row, even by nothing', async () => {
      const gone = (await call('POST', NOTES, { body: { title: 'gone' } })).body.data.id
      await call('DELETE', `${NOTES}${gone}/`)
      for (const body of [{}, { title: 'back' }, undefined]) {
        assert.equal((await call('PATCH', `${NOTES}${gone}/`, { body })).status, 404)
      }
      assert.equal((await call('PATCH', `${NOTES}${id}/`, { body: {} })).status, 200)
    })

    test('links to the next page whatever form the address came in', async () => {
      const next = async (query: string) => (await call('GET', `${NOTES}?${query}`)).body.meta.pagination.next
      const home = `${api.address}${NOTES}`
      assert.equal(await next('%70age=1&page_size=1&fields=id'), `${home}?page_size=1&fields=id&page=2`)
      assert.equal(await next('search=e?&page_size=1&count=none&title__in=a?,two'), null)
      assert.equal(await next('title__contains=&search=?&page_size=1&ordering=-title'), null)
      assert.equal(await next('title__gte=?&page_size=1'), `${home}?title__gte=?&page_size=1&page=2`)
      const whole = await raw(`http://elsewhere.test${NOTES}?page_size=1`)
      assert.equal(whole.body.meta.pagination.next, `${home}?page_size=1&page=2`)
    })

    test('reads no other list out of an address than the one it keeps it under', async () => {
      const count = async (query: string) => (await call('GET', `${NOTES}${query}`)).body.meta.pagination.count
      const all = await count('?page_size=7')
      for (const tail of ['#title=none', '#search=?page_size=7', '?page_size=7#title=none']) {
        assert.equal((await raw(`${NOTES}${tail}`)).status, 400)
      }
      assert.deepEqual([await count(''), await count('?page_size=7')], [all, all])
    })

    /** Asks for an address as it is; `fetch` would tidy it up. */
    async function raw(path: string): Promise<Pick<Reply, 'status' | 'body'>> {
      const forced = JSON.stringify({ business, role: 'admin', userId: newId() })
      const sent = request(api.address, { path, headers: { 'x-forced-principal': forced } }).end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage] // as: Node's only argument
      const chunks = await response.toArray()
      return { status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }
    }
  })
}
