import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createRevoker, type Role } from '@bailiwick/kit/auth'
import {
  type TestClient,
  type TestProject,
  type TestResponse,
  testDatabases,
  testProject,
} from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { SecurityEvent, Session } from '../../account/models.ts'
import { Client } from '../../clients/models.ts'
import { ApiKey, Business } from '../models.ts'

const KEYS = '/api/business/api-keys/'
const CLIENTS = '/api/clients/clients/'
const SCOPES = ['clients:read', 'clients:write']

type Place = Awaited<ReturnType<TestProject['make']['business']>>

for (const source of testDatabases()) {
  describe(`API keys on ${source.name}`, () => {
    let app: TestProject
    before(async () => {
      app = await testProject(project, { source, environment: { TRUST_PROXY: 'loopback' } })
    })
    after(() => app.close())

    const memberOf = async (business: Place, role: Role = 'admin') => app.as(await app.make.user({ business, role }))
    const place = async () => {
      const business = await app.make.business()
      return { business, admin: await memberOf(business) }
    }
    const makeKey = async (values: object = {}) => {
      const { business, admin } = await place()
      const answer = await admin.post(KEYS, { name: 'Importer', role: 'manager', scopes: SCOPES, ...values })
      assert.equal(answer.status, 201, answer.text)
      const made = answer.body.data
      return { business, admin, made, id: String(made.id), key: String(made.key), program: app.client(made.key) }
    }
    const outcome = ({ status, body }: TestResponse) => [status, body.code ?? 'ok']
    const eventsOf = async (kind: string, business: Place) =>
      app.context().query(SecurityEvent).filter({ kind, business: business.id }).all()

    it('are shown once, and kept as a hash', async () => {
      const { business, admin, made, id, key } = await makeKey()
      assert.match(key, /^bwk_/)
      assert.ok(key.includes(`_${made.prefix}_`))
      const { business_id: _business, ...shown } = (await admin.get(`${KEYS}${id}/`)).body.data
      assert.deepEqual(Object.keys(shown), [
        ...['id', 'name', 'prefix', 'role', 'scopes', 'allowed_addresses', 'expires_at', 'revoked_at', 'last_used_at'],
        ...['last_used_ip', 'previous_expires_at', 'created_at', 'created_by'],
      ])
      assert.deepEqual([shown.scopes, shown.allowed_addresses, shown.expires_at], [SCOPES, [], null])
      const { body, text } = await admin.get(KEYS)
      assert.deepEqual([body.data.length, text.includes(key.slice(-30))], [1, false])
      const row = await app.context(business).query(ApiKey).get(id)
      assert.ok(!JSON.stringify(row).includes(key.slice(-30)))
      const [event] = await eventsOf('api_key_created', business)
      assert.deepEqual([event?.details, event?.user], [{ api_key: id, name: 'Importer' }, shown.created_by])
    })

    it('let a program work in their business, by name of the key', async () => {
      const { business, id, program } = await makeKey()
      const { status, body } = await program.post(CLIENTS, { name: 'Acme' })
      assert.equal(status, 201)
      assert.deepEqual((await program.get(CLIENTS)).body.data.length, 1)
      const row = await app.context(business).query(Client).get(body.data.id)
      assert.deepEqual([row.created_by, row.business_id], [id, business.id])
      const key = await app.context(business).query(ApiKey).get(id)
      assert.deepEqual([key.last_used_ip, key.last_used_at === null], ['127.0.0.1', false])
      assert.equal(key.updated_by === null || key.updated_by === id, true)
    })

    it('do what their scopes and their role let, and nothing for people', async () => {
      const { program } = await makeKey({ scopes: ['clients:read'], role: 'subscriber' })
      assert.deepEqual(outcome(await program.get(CLIENTS)), [200, 'ok'])
      const { body } = await program.post(CLIENTS, { name: 'Acme' })
      assert.deepEqual([body.code, body.message], ['permission_denied', 'The API key lacks the scope clients:write.'])
      const writer = (await makeKey({ role: 'agent', scopes: ['clients:write'] })).program
      assert.deepEqual(outcome(await writer.get(CLIENTS)), [403, 'permission_denied'])
      const made = (await writer.post(CLIENTS, { name: 'Acme' })).body.data
      assert.deepEqual(outcome(await writer.post(`${CLIENTS}${made.id}/restore/`)), [403, 'permission_denied'])
    })

    it('open no endpoint of accounts and businesses, whatever their role', async () => {
      const { program } = await makeKey({ role: 'admin' })
      const closed = app.endpoints.filter(({ tag }) => tag === 'account' || tag === 'business')
      assert.ok(closed.length > 10)
      for (const { method, path } of closed) {
        const answer = await program.send(method, path.replaceAll(/:\w+/g, '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47'), {
          ...(method !== 'GET' && { body: {} }),
        })
        assert.deepEqual(outcome(answer), [403, 'permission_denied'], `${method} ${path}`)
        assert.equal(answer.body.message, 'API keys cannot be used here.')
      }
    })

    it('are made and seen by admins of the business alone', async () => {
      const { business, id } = await makeKey()
      const attempts = [
        ['GET', KEYS],
        ['POST', KEYS, { name: 'Mine', role: 'agent', scopes: SCOPES }],
        ['GET', `${KEYS}${id}/`],
        ['PATCH', `${KEYS}${id}/`, { name: 'Mine' }],
        ['DELETE', `${KEYS}${id}/`],
        ['POST', `${KEYS}${id}/rotate/`, {}],
      ] as const
      for (const role of ['subscriber', 'agent', 'manager'] as const) {
        const member = await memberOf(business, role)
        for (const [method, path, body] of attempts) {
          const answer = await member.send(method, path, { ...(body && { body }) })
          assert.deepEqual(outcome(answer), [403, 'permission_denied'], `${role} ${method} ${path}`)
        }
      }
      const stranger = (await place()).admin
      for (const [method, path, body] of attempts) {
        const sent = { ...(body && { body }) }
        assert.equal((await app.guest.send(method, path, sent)).status, 401, `${method} ${path}`)
        if (path === KEYS) continue
        const unknown = path.replace(id, business.id)
        const [foreign, none] = [await stranger.send(method, path, sent), await stranger.send(method, unknown, sent)]
        assert.deepEqual(outcome(foreign), [404, 'not_found'])
        assert.equal(
          foreign.text.replace(foreign.body.meta.request_id, ''),
          none.text.replace(none.body.meta.request_id, ''),
        )
      }
      assert.equal((await stranger.get(KEYS)).body.data.length, 0)
    })

    it('have no more rights than who makes them, scopes of apps that are there, and an end to come', async () => {
      const { admin } = await place()
      const valid = { name: 'Importer', role: 'agent', scopes: SCOPES }
      const fields = async (values: object) => {
        const { status, body } = await admin.post(KEYS, { ...valid, ...values })
        return status === 400 ? Object.keys(body.errors) : [String(status)]
      }
      for (const scopes of [
        [],
        ['account:read'],
        ['business:write'],
        ['x:read'],
        ['clients'],
        ['clients:*'],
        'clients:read',
        [1],
        null,
      ]) {
        assert.deepEqual(await fields({ scopes }), ['scopes'], JSON.stringify(scopes))
      }
      const networks = [
        ['x'],
        ['1.2.3.4/33'],
        ['::/129'],
        ['1.2.3.4/'],
        ['1.2.3.4/01'],
        ['fe80::1%eth0'],
        [''],
        ['1.2.3'],
        '::1',
        [null],
      ]
      for (const allowed_addresses of networks) {
        assert.deepEqual(await fields({ allowed_addresses }), ['allowed_addresses'], JSON.stringify(allowed_addresses))
      }
      assert.deepEqual(await fields({ expires_at: '2020-01-01T00:00:00Z' }), ['expires_at'])
      assert.deepEqual(await fields({ expires_at: 'soon' }), ['expires_at'])
      assert.deepEqual(await fields({ role: 'owner' }), ['role'])
      assert.deepEqual(await fields({ name: '' }), ['name'])
      assert.deepEqual(await fields({ key: 'bwk_mine' }), ['key'])
      assert.deepEqual(await fields({ scopes: Array.from({ length: 101 }, () => 'clients:read') }), ['scopes'])
      assert.deepEqual(await fields({ scopes: ['clients:read', 'clients:read'] }), ['201'])
    })

    it('are taken from the addresses that are allowed, at once when these are changed', async () => {
      const { admin, id, program } = await makeKey({ allowed_addresses: ['203.0.113.0/24', '2001:db8::/32'] })
      const from = async (ip: string) => program.get(CLIENTS, { headers: { 'x-forwarded-for': ip } })
      for (const ip of ['203.0.113.9', '2001:db8::9']) assert.equal((await from(ip)).status, 200, ip)
      for (const ip of ['203.0.114.9', '2001:db9::9', '127.0.0.1']) {
        const { status, body } = await from(ip)
        assert.deepEqual([status, body.message], [403, 'The API key is not allowed from this address.'])
      }
      assert.equal((await admin.patch(`${KEYS}${id}/`, { allowed_addresses: ['127.0.0.0/8'] })).status, 200)
      assert.equal((await from('203.0.113.9')).status, 403)
      assert.equal((await from('127.0.0.1')).status, 200)
    })

    it('are changed in name, scopes, end and addresses, and in nothing else', async () => {
      const { business, admin, id, program } = await makeKey()
      assert.equal((await program.get(CLIENTS)).status, 200)
      const { status, body } = await admin.patch(`${KEYS}${id}/`, { name: 'Exporter', scopes: ['clients:write'] })
      assert.deepEqual([status, body.data.name, body.data.scopes], [200, 'Exporter', ['clients:write']])
      assert.equal((await program.get(CLIENTS)).status, 403)
      for (const [name, value] of Object.entries({
        role: 'admin',
        prefix: 'x',
        last_used_at: null,
        created_by: null,
      })) {
        const refused = await admin.patch(`${KEYS}${id}/`, { [name]: value })
        assert.deepEqual([refused.status, refused.body.errors], [400, { [name]: ['This field is read-only.'] }])
      }
      assert.equal((await admin.patch(`${KEYS}${id}/`, { scopes: ['account:read'] })).status, 400)
      assert.equal((await admin.patch(`${KEYS}${id}/`, { key_hash: 'x' })).status, 400)
      assert.equal((await admin.put(`${KEYS}${id}/`, { name: 'x' })).status, 405)
      const [event] = await eventsOf('api_key_changed', business)
      assert.deepEqual(event?.details, {
        ...{ api_key: id, name: 'Importer' },
        changed: ['name', 'scopes'],
      })
    })

    it('end when they expire, and go on when they are prolonged', async () => {
      const { business, admin, id, program } = await makeKey({
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      })
      assert.equal((await program.get(CLIENTS)).status, 200)
      const past = new Date(Date.now() - 1000)
      await app.context(business).query(ApiKey).filter({ id }).update({ expires_at: past })
      await admin.patch(`${KEYS}${id}/`, { name: 'Old' })
      assert.deepEqual(outcome(await program.get(CLIENTS)), [401, 'token_not_valid'])
      assert.equal((await admin.patch(`${KEYS}${id}/`, { expires_at: null })).status, 200)
      assert.equal((await program.get(CLIENTS)).status, 200)
    })

    it('once revoked answer as keys that never were, and can be neither changed nor renewed', async () => {
      const { business, admin, id, program } = await makeKey()
      assert.equal((await program.get(CLIENTS)).status, 200)
      assert.deepEqual((await admin.delete(`${KEYS}${id}/`)).body.message, 'API key revoked')
      assert.deepEqual(outcome(await program.get(CLIENTS)), [401, 'token_not_valid'])
      assert.notEqual((await admin.get(`${KEYS}${id}/`)).body.data.revoked_at, null)
      assert.deepEqual(outcome(await admin.patch(`${KEYS}${id}/`, { name: 'x' })), [409, 'conflict'])
      assert.deepEqual(outcome(await admin.post(`${KEYS}${id}/rotate/`, {})), [409, 'conflict'])
      assert.equal((await admin.delete(`${KEYS}${id}/`)).status, 200)
      assert.equal((await eventsOf('api_key_revoked', business)).length, 1)
    })

    it('renewed, work beside the key before for as long as is said, and no third does', async () => {
      const { business, admin, id, key, program } = await makeKey()
      const rotate = async (values: object = {}) => {
        const { status, body } = await admin.post(`${KEYS}${id}/rotate/`, values)
        assert.equal(status, 200)
        return body.data
      }
      const worksWith = async (text: string) => (await app.client(text).get(CLIENTS)).status
      const second = await rotate()
      const hours = (Date.parse(second.previous_expires_at) - Date.now()) / 3_600_000
      assert.ok(hours > 23 && hours <= 24, `${hours}`)
      assert.deepEqual([await worksWith(key), await worksWith(second.key)], [200, 200])
      const third = await rotate({ overlap_hours: 168 })
      assert.deepEqual([await worksWith(key), await worksWith(second.key), await worksWith(third.key)], [401, 200, 200])
      await app
        .context(business)
        .query(ApiKey)
        .filter({ id })
        .update({ previous_expires_at: new Date(Date.now() - 1) })
      await admin.patch(`${KEYS}${id}/`, { name: 'Later' })
      assert.deepEqual([await worksWith(second.key), await worksWith(third.key)], [401, 200])
      const last = await rotate({ overlap_hours: 0 })
      assert.deepEqual(
        [await worksWith(third.key), await worksWith(last.key), last.previous_expires_at],
        [401, 200, null],
      )
      for (const overlap_hours of [169, -1, 1.5, 'x', null]) {
        assert.equal((await admin.post(`${KEYS}${id}/rotate/`, { overlap_hours })).status, 400)
      }
      assert.equal((await program.get(CLIENTS)).status, 401)
    })

    it('renewed by many at once, have one successor', async () => {
      const { admin, id } = await makeKey()
      const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post(`${KEYS}${id}/rotate/`, {})))
      const made = answers.filter(({ status }) => status === 200).map(({ body }) => String(body.data.key))
      assert.ok(answers.every(({ status }) => status === 200 || status === 409))
      const statuses = await Promise.all(made.map(async (text) => (await app.client(text).get(CLIENTS)).status))
      assert.ok(made.length >= 1)
      assert.ok(statuses.filter((status) => status === 200).length <= 2, 'the present one, and the one before')
    })

    it('of another business, unknown and malformed ones are told apart by nothing', async () => {
      const { key, business, program } = await makeKey()
      const other = await makeKey()
      const swapped = key.replace(/^bwk_.{22}/, other.key.slice(0, 26))
      const revoked = await makeKey()
      await revoked.admin.delete(`${KEYS}${revoked.id}/`)
      const texts = await Promise.all(
        [swapped, revoked.key, 'bwk_', `${key}x`, key.slice(0, -1), `bwk_${'x'.repeat(8000)}`].map(async (text) => {
          const { status, headers, text: answer, body } = await app.client(text).get(CLIENTS)
          return [status, headers.get('www-authenticate'), answer.replace(body.meta.request_id, '')]
        }),
      )
      for (const each of texts) assert.deepEqual(each, texts[0])
      assert.equal(texts[0]?.[0], 401)
      const ctx = app.context()
      await ctx.query(Business).filter({ id: business.id }).update({ is_active: false })
      await createRevoker({ session: Session }).businessChanged(ctx, business.id)
      await setTimeout(600)
      assert.deepEqual(outcome(await program.get(CLIENTS)), [401, 'token_not_valid'], 'nor of an inactive business')
    })

    it('cannot be made or changed without having proved lately who one is, nor by who works as another', async () => {
      const { business, id } = await makeKey()
      const makeStale = async (values: object) => {
        const { email, password, id: user } = await app.make.user({ business })
        const { access } = (await app.guest.post('/api/account/login/', { email, password })).body.data
        await app.context().query(Session).filter({ user }).update(values)
        return app.client(access)
      }
      const outcomesFor = async (admin: TestClient) => [
        outcome(await admin.post(KEYS, { name: 'Importer', role: 'agent', scopes: SCOPES })),
        outcome(await admin.patch(`${KEYS}${id}/`, { name: 'Mine' })),
        outcome(await admin.post(`${KEYS}${id}/rotate/`, {})),
        outcome(await admin.delete(`${KEYS}${id}/`)),
        outcome(await admin.get(KEYS)),
      ]
      const stale = await makeStale({ authenticated_at: new Date(Date.now() - 16 * 60_000) })
      const late = [403, 'reauthentication_required']
      assert.deepEqual(await outcomesFor(stale), [late, late, late, late, [200, 'ok']])
      const superuser = await app.make.user({ isSuperuser: true })
      const impersonated = await makeStale({ impersonator: superuser.id })
      const denied = [403, 'permission_denied']
      assert.deepEqual(await outcomesFor(impersonated), [denied, denied, denied, denied, [200, 'ok']])
    })
  })
}
