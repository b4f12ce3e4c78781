import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testDatabases } from '@bailiwick/kit/testing'
import { Membership } from '../../business/models.ts'
import { openWorld, type Role, type World } from './users-world.ts'

const OWN = '/api/account/security-log/'
const BUSINESS = '/api/business/security-log/'
const SECURITY = '/api/business/security/'

for (const source of testDatabases()) {
  describe(`security logs and demands of a business on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await openWorld({ source })
    })
    after(() => world?.app.close())

    const as = (role: Role) => world.members[role].client

    test('everyone reads of their own account, the newest first, and of nobody else', async () => {
      assert.equal((await world.app.guest.get(OWN)).status, 401)
      const { body } = await as('agent').get(`${OWN}?page_size=100`)
      assert.ok(body.data.some(({ kind }: { kind: string }) => kind === 'login'))
      const times = body.data.map(({ at }: { at: string }) => at)
      assert.deepEqual(times, times.toSorted().reverse())
      const [{ id }] = body.data
      assert.equal((await as('agent').get(`${OWN}${id}/`)).status, 200)
      assert.equal((await as('admin').get(`${OWN}${id}/`)).status, 404)
      assert.equal((await as('agent').get(`${OWN}?kind=login&at__gte=2020-01-01T00:00:00Z`)).status, 200)
      assert.equal((await as('agent').get(`${OWN}?user=${world.members.admin.user.id}`)).status, 400)
      assert.equal((await as('agent').delete(`${OWN}${id}/`)).status, 405)
    })

    test('admins read what happened inside their business, not what its people do elsewhere', async () => {
      assert.equal((await world.app.guest.get(BUSINESS)).status, 401)
      for (const role of ['subscriber', 'agent', 'manager'] as const)
        assert.equal((await as(role).get(BUSINESS)).status, 403)
      const other = await world.app.make.business({ name: 'AAA first by name' })
      const { user } = world.members.agent
      const membership = { business_id: other.id, user: user.id, role: 'agent' } as const
      await world.app.context().acrossBusinesses('test', (all) => all.query(Membership).create(membership))
      // Signing in leads to the first business by name, which is now the other one.
      const headers = { 'user-agent': 'Elsewhere/1.0' }
      const body = { email: user.email, password: user.password }
      assert.equal((await world.app.guest.send('POST', '/api/account/login/', { body, headers })).status, 200)
      await world.app.guest.send('POST', '/api/account/login/', { body: { ...body, password: 'Wrong-1' }, headers })
      const { body: own, text } = await as('admin').get(`${BUSINESS}?page_size=200`)
      assert.ok(own.data.length > 0)
      assert.ok(!text.includes('Elsewhere'))
      assert.ok(!text.includes(world.stranger.user.id))
      const one = own.data[0].id
      assert.equal((await world.stranger.client.get(`${BUSINESS}${one}/`)).status, 404)
      const mine = await as('agent').get(`${OWN}?page_size=200`)
      assert.ok(mine.text.includes('Elsewhere'))
    })

    test('admins say what the business demands, at once, but do not lock themselves out', async () => {
      assert.equal((await world.app.guest.get(SECURITY)).status, 401)
      for (const role of ['subscriber', 'agent', 'manager'] as const) {
        assert.equal((await as(role).get(SECURITY)).status, 403)
        assert.equal((await as(role).patch(SECURITY, { allows_email_code: true })).status, 403)
      }
      const own = await as('admin').patch(SECURITY, { two_factor_roles: ['agent', 'admin'] })
      assert.equal(own.status, 400)
      assert.match(own.body.errors.two_factor_roles[0], /no second factor/)
      assert.deepEqual((await as('admin').get(SECURITY)).body.data, { two_factor_roles: [], allows_email_code: false })
      const { client } = await world.join('agent')
      assert.equal((await client.get('/api/clients/clients/')).status, 200)
      const changed = await as('admin').patch(SECURITY, { two_factor_roles: ['agent'], allows_email_code: true })
      assert.equal(changed.status, 200, changed.text)
      const kept = await client.get('/api/clients/clients/')
      assert.equal(kept.body.code, 'second_factor_required')
      assert.equal((await as('manager').get('/api/clients/clients/')).status, 200)
      const other = await world.stranger.client.get(SECURITY)
      assert.deepEqual(other.body.data, { two_factor_roles: [], allows_email_code: false })
      assert.equal((await as('admin').get(`${BUSINESS}?kind=business_security_changed`)).body.data.length, 1)
      assert.equal((await as('admin').patch(SECURITY, { two_factor_roles: ['owner'] })).status, 400)
      assert.equal((await as('admin').patch(SECURITY, { two_factor_roles: null })).status, 400)
      assert.equal((await as('admin').patch(SECURITY, {})).status, 200)
    })
  })
}
