import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createRevoker } from '@bailiwick/kit/auth'
import { newId } from '@bailiwick/kit/base'
import { type TestClient, type TestResponse, testDatabases } from '@bailiwick/kit/testing'
import { SecurityEvent, Session } from '../models.ts'
import { createUser } from '../services.ts'
import { PASSWORD, type Servers, startServers } from './servers.ts'

const LOGIN = '/api/account/login/'
const SESSIONS = '/api/account/sessions/'
const ME = '/api/account/me/'
const VERIFY = '/api/account/token/verify/'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

const withoutId = ({ status, text, body }: TestResponse) => ({ status, text: text.replace(body.meta.request_id, 'ID') })

interface Shown {
  readonly id: string
  readonly is_current: boolean
}

for (const source of testDatabases()) {
  describe(`the sessions of a user on ${source.name}`, () => {
    let servers: Servers
    let guest: TestClient
    before(async () => {
      servers = await startServers({ source })
      const [first] = servers.guests
      assert.ok(first)
      guest = first
    })
    after(() => servers.close())

    const get = (access: string, path: string) => guest.get(path, { headers: { authorization: `Bearer ${access}` } })
    const send = (method: string, access: string, path: string) =>
      guest.send(method, path, { headers: { authorization: `Bearer ${access}` } })

    async function signIn(email: string, userAgent = FIREFOX): Promise<{ access: string; refresh: string }> {
      const headers = { 'user-agent': userAgent }
      const { body } = await guest.send('POST', LOGIN, { body: { email, password: PASSWORD }, headers })
      return body.data
    }

    const idOf = async (access: string): Promise<string> => {
      const { body } = await get(access, SESSIONS)
      return body.data.find(({ is_current }: Shown) => is_current).id
    }

    it('are listed with their device, the present one marked, and nothing that is secret', async () => {
      const { email, business } = await servers.makeMember({ name: 'Asha' })
      await signIn(email, SAFARI)
      const { access } = await signIn(email)
      const { status, body, text } = await get(access, SESSIONS)
      assert.equal(status, 200)
      assert.equal(body.meta.pagination.count, 2)
      const [here, phone] = body.data
      assert.deepEqual(Object.keys(here), [
        'id',
        'device',
        'ip',
        'created_at',
        'last_used_at',
        'expires_at',
        'is_current',
        'has_second_factor',
        'is_impersonated',
        'transport',
        'business',
        'business_name',
      ])
      assert.deepEqual([here.device, here.is_current], ['Firefox on Windows', true])
      assert.deepEqual([phone.device, phone.is_current], ['Safari on iOS', false])
      assert.deepEqual([here.ip, here.business, here.business_name], ['127.0.0.1', business, 'Asha & Co'])
      assert.deepEqual([here.has_second_factor, here.is_impersonated, here.transport], [false, false, 'bearer'])
      assert.equal(/hash|sealed|eyJ/.test(text), false)
      assert.deepEqual((await get(access, `${SESSIONS}${phone.id}/`)).body.data, phone)
    })

    it('of others, ended and expired ones are not there, and answer as if they never were', async () => {
      const [asha, bela] = [await servers.makeMember(), await servers.makeMember()]
      const colleague = await servers.makeMember({ business: asha.business, role: 'admin' })
      const [own, ended, expired] = [await signIn(asha.email), await signIn(asha.email), await signIn(asha.email)]
      const foreign = [await signIn(bela.email), await signIn(colleague.email)]
      const ids = await Promise.all([ended, expired, ...foreign].map(({ access }) => idOf(access)))
      await send('POST', ended.access, '/api/account/logout/')
      await servers.system
        .query(Session)
        .filter({ id: ids[1] ?? '' })
        .update({ expires_at: new Date(1000) })
      assert.equal((await get(own.access, SESSIONS)).body.data.length, 1)
      for (const method of ['GET', 'DELETE']) {
        const never = withoutId(await send(method, own.access, `${SESSIONS}${newId()}/`))
        assert.equal(never.status, 404)
        for (const id of [...ids, 'x']) {
          assert.deepEqual(withoutId(await send(method, own.access, `${SESSIONS}${id}/`)), never)
        }
      }
      for (const { access } of foreign) assert.equal((await get(access, ME)).status, 200)
    })

    it('are ended one by one, by their user', async () => {
      const { id: user, email } = await servers.makeMember()
      const [here, there] = [await signIn(email), await signIn(email)]
      const id = await idOf(there.access)
      const { status, body } = await send('DELETE', here.access, `${SESSIONS}${id}/`)
      assert.deepEqual([status, body.message, body.data], [200, 'Session ended', null])
      assert.equal((await get(there.access, ME)).body.code, 'token_not_valid')
      assert.equal((await guest.post('/api/account/refresh/', { refresh: there.refresh })).status, 401)
      assert.equal((await get(here.access, ME)).status, 200)
      const [event] = await servers.system.query(SecurityEvent).filter({ user, kind: 'session_ended' }).all()
      assert.deepEqual(event?.details, { count: 1, ended: id })
      assert.equal(event?.session, await idOf(here.access))
    })

    it('are ended all but the one that asks, or all', async () => {
      const { id: user, email } = await servers.makeMember()
      const [here, ...others] = [await signIn(email), await signIn(email), await signIn(email)]
      assert.ok(here)
      const ended = await send('POST', here.access, `${SESSIONS}end-others/`)
      assert.deepEqual([ended.status, ended.body.data], [200, { ended: 2 }])
      for (const { access } of others) assert.equal((await get(access, ME)).status, 401)
      assert.equal((await get(here.access, ME)).status, 200)
      assert.deepEqual((await send('POST', here.access, `${SESSIONS}end-others/`)).body.data, { ended: 0 })
      const again = await signIn(email)
      const all = await send('POST', here.access, '/api/account/logout-all/')
      assert.deepEqual([all.status, all.body.data, all.body.message], [200, { ended: 2 }, 'Signed out everywhere'])
      for (const { access, refresh } of [here, again]) {
        assert.equal((await get(access, ME)).status, 401)
        assert.equal((await guest.post('/api/account/refresh/', { refresh })).status, 401)
      }
      const kinds = await servers.system.query(SecurityEvent).filter({ user }).all()
      const counts = (kind: string) => kinds.filter((event) => event.kind === kind).length
      assert.deepEqual([counts('other_sessions_ended'), counts('all_sessions_ended')], [1, 1])
    })

    it('are for those who are signed in as themselves', async () => {
      const { email, id } = await servers.makeMember()
      const { access } = await signIn(email)
      const session = await idOf(access)
      const calls = [
        ['GET', SESSIONS],
        ['GET', `${SESSIONS}${session}/`],
        ['DELETE', `${SESSIONS}${session}/`],
        ['POST', `${SESSIONS}end-others/`],
        ['POST', '/api/account/logout-all/'],
      ] as const
      for (const [method, path] of calls) {
        const answer = await guest.send(method, path)
        assert.deepEqual([answer.status, answer.body.code], [401, 'not_authenticated'], `${method} ${path}`)
      }
      const root = { email: `${newId()}@acme.test`, name: 'Root', password: PASSWORD, isSuperuser: true }
      const { id: impersonator } = await createUser(servers.system, root)
      await servers.system.query(Session).filter({ id: session }).update({ impersonator })
      await createRevoker({ session: Session }).userChanged(servers.system, id)
      await setTimeout(600)
      for (const [method, path] of calls) {
        const answer = await send(method, access, path)
        assert.deepEqual([answer.status, answer.body.code], [403, 'permission_denied'], `${method} ${path}`)
      }
      const own = await signIn(email)
      const { body } = await get(own.access, SESSIONS)
      const watched = body.data.find(({ is_current }: Shown) => !is_current)
      assert.deepEqual([watched.is_impersonated, watched.ip, watched.device], [true, null, null])
    })

    it('token/verify tells whether a token would be taken, and uses nothing up', async () => {
      const { email } = await servers.makeMember()
      const first = await signIn(email)
      for (const token of [first.access, first.refresh, first.refresh]) {
        const { status, body } = await guest.post(VERIFY, { token })
        assert.deepEqual([status, body.data, body.message], [200, null, 'Token is valid'])
      }
      const { body } = await guest.post('/api/account/refresh/', { refresh: first.refresh })
      assert.equal((await guest.post(VERIFY, { token: body.data.refresh })).status, 200)
      assert.equal((await guest.post(VERIFY, { token: first.refresh })).body.code, 'token_not_valid')
      await send('POST', body.data.access, '/api/account/logout/')
      for (const token of [body.data.access, body.data.refresh, first.access, 'x', 'a.b.c']) {
        const answer = await guest.post(VERIFY, { token })
        assert.deepEqual([answer.status, answer.body.code], [401, 'token_not_valid'])
      }
      for (const token of ['', null, {}, [], 'x'.repeat(5000)]) {
        assert.equal((await guest.post(VERIFY, { token })).status, 400)
      }
    })
  })
}
