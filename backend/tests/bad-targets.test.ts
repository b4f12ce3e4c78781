import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { type TestResponse, testDatabases } from '@bailiwick/kit/testing'
import { assertRefused, CLIENTS, createWorld, type Refusal, SECRET, type World } from './bad-input-world.ts'

const NOT_FOUND: Refusal = { status: 404, code: 'not_found', message: 'Not found.', errors: {} }
const TAKEN = 'Client with this email already exists.'
const CONFLICT: Refusal = { status: 409, code: 'conflict', message: TAKEN, errors: { email: [TAKEN] } }
const NOT_VALID: Refusal = { status: 401, code: 'token_not_valid', message: 'Token is invalid or expired' }

/** Everything that can be asked of one client. */
const ON_ONE: readonly (readonly [method: string, rest: string, body?: object])[] = [
  ['GET', '/'],
  ['PUT', '/', { name: 'Changed' }],
  ['PATCH', '/', { name: 'Changed' }],
  ['PATCH', '/', {}],
  ['DELETE', '/'],
  ['POST', '/restore/'],
  ['POST', '/archive/'],
]

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const unpacked = (text: string | undefined) => JSON.parse(Buffer.from(text ?? '', 'base64url').toString())

function signed(header: object, claims: object, secret = SECRET): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

for (const source of testDatabases()) {
  describe(`what is not there, or not one's own, on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await createWorld(source)
    })
    after(() => world.app.close())
    const make = async (values: object = {}): Promise<string> => {
      const answer = await world.admin.post(CLIENTS, { name: 'Made', ...values })
      assert.equal(answer.status, 201, answer.text)
      return answer.body.data.id
    }
    const onOne = (id: string, [method, rest, body]: (typeof ON_ONE)[number]): Promise<TestResponse> =>
      world.admin.send(method, `${CLIENTS}${id}${rest}`, { headers: { 'x-request-id': 'same' }, ...(body && { body }) })

    it('an unknown id, a foreign one and no id at all are answered 404 in the same bytes', async () => {
      await world.changingNothing(async () => {
        for (const each of ON_ONE) {
          const unknown = await onOne(newId(), each)
          assertRefused(unknown, NOT_FOUND, each.join(' '))
          for (const id of [
            world.foreign,
            world.foreign.toUpperCase(),
            world.user.id,
            'x',
            '0',
            '%00',
            '%F0%9F%98%80',
          ]) {
            assert.equal((await onOne(id, each)).text, unknown.text, `${each.join(' ')} ${id}`)
          }
        }
      })
    })

    it('a deleted client is not there for anything but its restoring', async () => {
      const id = await make({ email: 'binned@example.com' })
      assert.equal((await world.admin.delete(`${CLIENTS}${id}/`)).status, 200)
      await world.changingNothing(async () => {
        for (const each of ON_ONE)
          if (each[1] !== '/restore/') assertRefused(await onOne(id, each), NOT_FOUND, each.join(' '))
      })
      assert.equal((await world.admin.post(`${CLIENTS}${id}/restore/`)).status, 200)
    })

    it('a path that is no path, or too long, is refused', async () => {
      assertRefused(await world.admin.get(`${CLIENTS}%zz/`), { status: 400, code: 'parse_error' })
      assertRefused(await world.admin.get(`${CLIENTS}%C3/`), { status: 400, code: 'parse_error' })
      assertRefused(await world.admin.get(`${CLIENTS}${'x'.repeat(300)}/`), { status: 414, code: 'uri_too_long' })
      assertRefused(await world.admin.get(`${CLIENTS}?name=${'x'.repeat(20_000)}`), {
        status: 431,
        code: 'headers_too_large',
      })
      assertRefused(await world.admin.put(CLIENTS, { name: 'x' }), { status: 405, code: 'method_not_allowed' })
      for (const path of ['/api/clients/', '/api//clients/clients/', '/API/clients/clients/', `${CLIENTS}/`]) {
        assertRefused(await world.admin.get(path), NOT_FOUND, path)
      }
    })

    it('a value that is taken is refused on every way to take it', async () => {
      const other = await make({ email: 'other@example.com' })
      const gone = await make({ email: 'back@example.com' })
      await world.admin.delete(`${CLIENTS}${gone}/`)
      await make({ email: 'back@example.com' })
      await world.changingNothing(async () => {
        const values = { name: 'Second', email: 'kept@example.com' }
        assertRefused(await world.admin.post(CLIENTS, values), CONFLICT)
        assertRefused(await world.admin.post(CLIENTS, { ...values, email: 'kept@EXAMPLE.com' }), CONFLICT)
        assertRefused(await world.admin.put(`${CLIENTS}${other}/`, values), CONFLICT)
        assertRefused(await world.admin.patch(`${CLIENTS}${other}/`, values), CONFLICT)
        assertRefused(await world.admin.post(`${CLIENTS}${gone}/restore/`), CONFLICT)
      })
    })

    it('of many who take a value at the same time one gets it', async () => {
      const email = 'race@example.com'
      const creates = await Promise.all(
        Array.from({ length: 12 }, () => world.admin.post(CLIENTS, { name: 'x', email })),
      )
      const ids = await Promise.all(Array.from({ length: 6 }, () => make()))
      const updates = await Promise.all(
        ids.map((id) => world.admin.patch(`${CLIENTS}${id}/`, { email: 'raced@example.com' })),
      )
      for (const [answers, won] of [
        [creates, 201],
        [updates, 200],
      ] as const) {
        assert.equal(answers.filter(({ status }) => status === won).length, 1)
        for (const answer of answers) if (answer.status !== won) assertRefused(answer, CONFLICT)
      }
      for (const taken of [email, 'raced@example.com']) {
        assert.equal((await world.admin.get(`${CLIENTS}?email=${taken}`)).body.meta.pagination.count, 1)
      }
    })

    it('no bad token writes anything', async () => {
      const { email, password } = world.user
      const login = async () => (await world.app.guest.post('/api/account/login/', { email, password })).body.data
      const { access, refresh } = await login()
      const [head, body, signature] = access.split('.')
      const [header, claims] = [unpacked(head), unpacked(body)]
      const past = Math.floor(Date.now() / 1000) - 1
      const ended = await login()
      await world.app.guest.send('POST', '/api/account/logout/', { headers: bearer(ended.access) })
      const reused = await login()
      const renewed = await world.app.guest.post('/api/account/refresh/', { refresh: reused.refresh })
      // Until the new tokens are used, the old one may come again: the answer may have been lost.
      await world.app.guest.get('/api/account/me/', { headers: bearer(renewed.body.data.access) })
      const again = await world.app.guest.post('/api/account/refresh/', { refresh: reused.refresh })
      assertRefused(again, NOT_VALID, 'a refresh token used twice')
      const bad = {
        expired: signed(header, { ...claims, exp: past }),
        forged: signed(header, claims, `${SECRET}x`),
        unsigned: `${part({ ...header, alg: 'none' })}.${body}.`,
        'alg none with a signature': `${part({ ...header, alg: 'none' })}.${body}.${signature}`,
        'of another business': signed(header, { ...claims, biz: world.stranger.business?.id }),
        'of another user': signed(header, { ...claims, sub: world.stranger.id }),
        'a refresh token': refresh,
        'of an ended session': ended.access,
        'of a session whose refresh token was used twice': reused.access,
        nonsense: 'x.y.z',
      }
      await world.changingNothing(async () => {
        for (const [what, token] of Object.entries(bad)) {
          const requests = [
            ['POST', CLIENTS, { name: 'Stolen' }],
            ['PATCH', `${CLIENTS}${world.own}/`, { name: 'Stolen' }],
            ['DELETE', `${CLIENTS}${world.own}/`, undefined],
            ['GET', CLIENTS, undefined],
          ] as const
          for (const [method, path, sent] of requests) {
            const answer = await world.app.guest.send(method, path, { headers: bearer(token), body: sent })
            assertRefused(answer, NOT_VALID, `${what}: ${method}`)
            assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="api"')
          }
        }
      })
      assert.equal((await world.app.guest.get(CLIENTS, { headers: bearer(access) })).status, 200)
    })

    const bearer = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
  })
}
