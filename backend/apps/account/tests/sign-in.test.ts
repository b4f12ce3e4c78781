import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { type TestClient, type TestResponse, testDatabases } from '@bailiwick/kit/testing'
import { User } from '../models.ts'
import { PASSWORD, SECRET, type Servers, startServers } from './servers.ts'

const LOGIN = '/api/account/login/'
const REFRESH = '/api/account/refresh/'
const ME = '/api/account/me/'

/** An answer without what differs between any two: the id of the request. */
function facts({ status, text, headers, body }: TestResponse) {
  const kept = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
  return { status, text: text.replace(body.meta.request_id, 'ID'), headers: kept }
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function forge(header: unknown, claims: unknown, secret = SECRET): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const unpack = (piece: string | undefined) => JSON.parse(Buffer.from(piece ?? '', 'base64url').toString())

for (const source of testDatabases()) {
  describe(`the endpoints of sign-in on ${source.name}`, () => {
    let servers: Servers
    let guest: TestClient
    before(async () => {
      servers = await startServers({ source })
      const [first] = servers.guests
      assert.ok(first)
      guest = first
    })
    after(() => servers.close())

    const withToken = (token: string) => guest.get(ME, { headers: { authorization: `Bearer ${token}` } })

    it('login gives tokens, the user, the business and the businesses', async () => {
      const { id, email, business } = await servers.makeMember({ role: 'manager', name: 'Bela' })
      const { status, body } = await guest.post(LOGIN, { email: email.toUpperCase(), password: PASSWORD })
      assert.equal(status, 200)
      assert.equal(body.message, 'Signed in')
      const tokens = ['access', 'refresh', 'csrf_token']
      const profile = ['user', 'business', 'businesses', 'second_factor_required']
      assert.deepEqual(Object.keys(body.data), [...tokens, ...profile, 'challenge', 'device_token'])
      const { user } = body.data
      assert.deepEqual(user, { id, email, name: 'Bela', is_superuser: false, last_login: user.last_login })
      assert.match(user.last_login, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      const { slug } = body.data.business
      assert.deepEqual(body.data.business, { id: business, name: 'Bela & Co', slug, role: 'manager' })
      assert.deepEqual(body.data.businesses, [body.data.business])
    })

    it('login answers in the same bytes to an unknown e-mail, a wrong password and an inactive user', async () => {
      const known = await servers.makeMember()
      const inactive = await servers.makeMember()
      await servers.system.query(User).filter({ id: inactive.id }).update({ is_active: false })
      const wrong = facts(await guest.post(LOGIN, { email: known.email, password: 'wrong' }))
      const unknown = facts(await guest.post(LOGIN, { email: 'nobody@acme.test', password: PASSWORD }))
      const blocked = facts(await guest.post(LOGIN, { email: inactive.email, password: PASSWORD }))
      assert.equal(wrong.status, 401)
      assert.equal(JSON.parse(wrong.text).code, 'invalid_credentials')
      assert.deepEqual(unknown, wrong)
      assert.deepEqual(blocked, wrong)
    })

    it('login takes a password letter by letter', async () => {
      const { email } = await servers.makeMember()
      for (const password of [` ${PASSWORD}`, `${PASSWORD} `, PASSWORD.toLowerCase()]) {
        assert.equal((await guest.post(LOGIN, { email, password })).status, 401)
      }
    })

    it('login tells what is wrong with its input, and never repeats the password', async () => {
      const cases: readonly (readonly [unknown, readonly string[]])[] = [
        [{}, ['email', 'password']],
        [{ email: 'x', password: 'y' }, ['email']],
        [{ email: 'a@b.test', password: '' }, ['password']],
        [{ email: 'a@b.test', password: 'secret-thing'.repeat(20) }, ['password']],
        [{ email: 'a@b.test', password: 'secret-thing\u0000' }, ['password']],
        [{ email: 'a@b.test', password: ['secret-thing'] }, ['password']],
        [{ email: null, password: null }, ['email', 'password']],
        [{ email: 'a@b.test', password: 'secret-thing', extra: 1 }, ['extra']],
        [[], ['non_field_errors']],
      ]
      for (const [input, fields] of cases) {
        const { status, body, text } = await guest.post(LOGIN, input)
        assert.deepEqual([status, body.code, Object.keys(body.errors).sort()], [400, 'validation_failed', fields])
        assert.equal(text.includes('secret-thing'), false)
      }
      assert.equal((await guest.post(LOGIN, '{"email":')).body.code, 'parse_error')
      assert.equal((await guest.get(LOGIN)).status, 405)
    })

    it('me tells of oneself, and refuses a guest', async () => {
      const { email, business } = await servers.makeMember()
      const { access } = await servers.signIn(email)
      const { status, body } = await withToken(access)
      assert.equal(status, 200)
      assert.deepEqual([body.data.user.email, body.data.business.id], [email, business])
      assert.equal(body.data.businesses.length, 1)
      const refused = await guest.get(ME)
      assert.deepEqual([refused.status, refused.body.code], [401, 'not_authenticated'])
      assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="api"')
    })

    it('refresh gives a new pair; once that is used, the old refresh token ends the session', async () => {
      const { email } = await servers.makeMember()
      const first = await servers.signIn(email)
      const { status, body } = await guest.post(REFRESH, { refresh: first.refresh })
      assert.deepEqual([status, Object.keys(body.data)], [200, ['access', 'refresh', 'csrf_token']])
      assert.equal((await withToken(body.data.access)).status, 200)
      const again = await guest.post(REFRESH, { refresh: first.refresh })
      assert.deepEqual([again.status, again.body.code], [401, 'token_not_valid'])
      for (const token of [first.access, body.data.access]) assert.equal((await withToken(token)).status, 401)
      assert.equal((await guest.post(REFRESH, { refresh: body.data.refresh })).status, 401)
    })

    it('fifty who refresh at once with one token get one new pair', async () => {
      const { email } = await servers.makeMember()
      const { refresh } = await servers.signIn(email)
      const answers = await Promise.all(Array.from({ length: 50 }, () => guest.post(REFRESH, { refresh })))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.equal(new Set(answers.map(({ body }) => body.data.refresh)).size, 1)
    })

    it('refresh refuses what is no refresh token', async () => {
      const { email } = await servers.makeMember()
      const { access, refresh } = await servers.signIn(email)
      for (const token of [access, `${refresh}x`, 'x', 'a.b.c', '..']) {
        const { status, body } = await guest.post(REFRESH, { refresh: token })
        assert.deepEqual([status, body.code], [401, 'token_not_valid'], token)
      }
      for (const token of ['', null, 5.5, {}, [], '\u0000']) {
        assert.ok([400, 401].includes((await guest.post(REFRESH, { refresh: token })).status))
      }
      assert.equal((await guest.post(REFRESH, { refresh })).status, 200)
    })

    it('login and refresh pay no heed to an access token that has run out', async () => {
      const { email } = await servers.makeMember()
      const { refresh } = await servers.signIn(email)
      const headers = { authorization: 'Bearer x' }
      assert.equal((await guest.send('POST', REFRESH, { body: { refresh }, headers })).status, 200)
      const body = { email, password: PASSWORD }
      assert.equal((await guest.send('POST', LOGIN, { body, headers })).status, 200)
    })

    it('logout ends the session at once, and no other', async () => {
      const { email } = await servers.makeMember()
      const [one, other] = [await servers.signIn(email), await servers.signIn(email)]
      const { status, body } = (await one.on[0]?.post('/api/account/logout/')) ?? {}
      assert.deepEqual([status, body?.data, body?.message], [200, null, 'Signed out'])
      assert.equal((await withToken(one.access)).body.code, 'token_not_valid')
      assert.equal((await guest.post(REFRESH, { refresh: one.refresh })).body.code, 'token_not_valid')
      assert.equal((await one.on[0]?.post('/api/account/logout/'))?.status, 401)
      assert.equal((await withToken(other.access)).status, 200)
      assert.equal((await guest.post('/api/account/logout/')).body.code, 'not_authenticated')
    })

    it('forged tokens are refused, each with 401', async () => {
      const { email } = await servers.makeMember()
      const { access, refresh } = await servers.signIn(email)
      const [head, body, signature] = access.split('.')
      const [header, claims] = [unpack(head), unpack(body)]
      assert.equal((await withToken(forge(header, claims))).status, 200)
      const unsigned = ['none', 'None', 'NONE', ''].flatMap((alg) => [
        `${part({ ...header, alg })}.${body}.`,
        `${part({ ...header, alg })}.${body}.${signature}`,
      ])
      const forged = [
        ...unsigned,
        refresh,
        forge(header, claims, `${SECRET}x`),
        forge({ ...header, alg: 'HS512' }, claims),
        forge({ ...header, typ: 'JWT' }, claims),
        forge(header, { ...claims, exp: Math.floor(Date.now() / 1000) - 1 }),
        forge(header, { ...claims, exp: undefined }),
        forge(header, { ...claims, exp: '9999999999' }),
        forge(header, { ...claims, aud: 'else' }),
        forge(header, { ...claims, iss: 'else' }),
        forge(header, { ...claims, sid: newId() }),
        forge(header, { ...claims, sub: newId() }),
        forge(header, { ...claims, biz: newId() }),
        forge(header, { ...claims, biz: undefined }),
        forge(header, { ...claims, biz: "' or 1=1 --" }),
        forge(header, null),
        forge(null, claims),
        `${access}x`,
        `${access}=`,
        access.slice(0, -1),
        `${head}.${part({ ...claims, sub: newId() })}.${signature}`,
        `${'A'.repeat(6000)}`,
        '.',
        '..',
      ]
      for (const token of forged) {
        const answer = await withToken(token)
        assert.deepEqual([answer.status, answer.body.code], [401, 'token_not_valid'], token.slice(0, 400))
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="api"')
      }
      const malformed = await guest.get(ME, { headers: { authorization: `Bearer ${access} ${access}` } })
      assert.deepEqual([malformed.status, malformed.body.code], [401, 'bad_authorization_header'])
      assert.equal((await guest.get(ME, { headers: { authorization: access } })).body.code, 'not_authenticated')
      assert.equal((await withToken(access)).status, 200)
    })
  })
}
