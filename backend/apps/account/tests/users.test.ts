import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { type TestResponse, testDatabases } from '@bailiwick/kit/testing'
import { Membership } from '../../business/models.ts'
import { SecurityEvent, Totp, User } from '../models.ts'
import { openWorld, type Role, type World } from './users-world.ts'

const PATH = '/api/account/users/'

for (const source of testDatabases()) {
  describe(`users of a business on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await openWorld({ source })
    })
    after(() => world?.app.close())

    const as = (role: Role) => world.members[role].client
    const inside = () => world.app.context(world.business)
    const idOf = (role: Role) => world.members[role].user.id

    test('managers see the people of their own business, and nobody else', async () => {
      for (const role of ['manager', 'admin'] as const) {
        const { status, body, text } = await as(role).get(`${PATH}?page_size=200`)
        assert.equal(status, 200)
        assert.ok(!text.includes(world.stranger.user.email))
        const own = body.data.find(({ id }: { id: string }) => id === idOf('agent'))
        const { created_at, last_login, ...rest } = own
        assert.ok(created_at !== null && last_login !== null)
        const { email } = world.members.agent.user
        const flags = { is_active: true, email_verified: true, has_second_factor: false }
        assert.deepEqual(rest, { id: idOf('agent'), email, name: rest.name, role: 'agent', ...flags })
      }
    })

    test('guests, lower roles and another business see and change nothing', async () => {
      const one = `${PATH}${idOf('agent')}/`
      const answers = async (send: (path: string) => Promise<TestResponse>) => (await send(one)).status
      assert.equal(await answers((path) => world.app.guest.get(path)), 401)
      assert.equal(await answers((path) => world.app.guest.delete(path)), 401)
      for (const role of ['subscriber', 'agent'] as const) {
        assert.equal((await as(role).get(PATH)).status, 403)
        assert.equal(await answers((path) => as(role).get(path)), 403)
      }
      for (const role of ['subscriber', 'agent', 'manager'] as const) {
        assert.equal(await answers((path) => as(role).patch(path, { role: 'admin' })), 403)
        assert.equal(await answers((path) => as(role).delete(path)), 403)
        assert.equal(await answers((path) => as(role).post(`${path}unlock/`)), 403)
        assert.equal(await answers((path) => as(role).post(`${path}reset-second-factor/`)), 403)
      }
      const { client } = world.stranger
      for (const send of [client.get.bind(client), client.delete.bind(client)]) assert.equal(await answers(send), 404)
      assert.equal(await answers((path) => client.patch(path, { role: 'agent' })), 404)
      assert.equal(await answers((path) => client.post(`${path}unlock/`)), 404)
      assert.equal(await answers((path) => client.post(`${path}reset-second-factor/`)), 404)
    })

    test('people are searched, filtered and sorted', async () => {
      const { body } = await as('admin').get(`${PATH}?role=agent&is_active=true&ordering=-user__email`)
      assert.ok(body.data.every(({ role }: { role: string }) => role === 'agent'))
      const { email } = world.members.manager.user
      const found = await as('admin').get(`${PATH}?search=${encodeURIComponent(email)}`)
      assert.deepEqual(
        found.body.data.map(({ id }: { id: string }) => id),
        [idOf('manager')],
      )
      assert.equal((await as('admin').get(`${PATH}?user__password=x`)).status, 400)
      assert.equal((await as('admin').get(`${PATH}?deleted=with`)).status, 403)
    })

    test('a new role acts at once, is in the log and is told by e-mail', async () => {
      const { user, client } = await world.join('agent')
      assert.equal((await client.get(PATH)).status, 403)
      const changed = await as('admin').patch(`${PATH}${user.id}/`, { role: 'manager' })
      assert.equal(changed.status, 200, changed.text)
      assert.equal(changed.body.data.role, 'manager')
      assert.equal((await client.get(PATH)).status, 200)
      const event = await world.app.context().query(SecurityEvent).get({ user: user.id, kind: 'role_changed' })
      assert.equal(event.actor, idOf('admin'))
      assert.equal(event.business, world.business.id)
      assert.deepEqual(event.details, { from: 'agent', to: 'manager' })
    })

    test('who is kept out of one business goes on in another, and comes back', async () => {
      const { user, client } = await world.join('agent')
      const other = await world.app.make.business()
      const membership = { business_id: other.id, user: user.id, role: 'agent' } as const
      await world.app.context().acrossBusinesses('test', (all) => all.query(Membership).create(membership))
      assert.equal((await as('admin').patch(`${PATH}${user.id}/`, { is_active: false })).body.data.is_active, false)
      assert.equal((await client.get('/api/clients/clients/')).status, 401)
      const elsewhere = await world.app.as({ ...user, business: other })
      assert.equal((await elsewhere.get('/api/clients/clients/')).status, 200)
      assert.equal((await world.app.context().query(User).get(user.id)).is_active, true)
      assert.equal((await as('admin').patch(`${PATH}${user.id}/`, { is_active: true })).status, 200)
      assert.equal((await client.get('/api/clients/clients/')).status, 200)
    })

    test('who is removed is out at once, and the business sees them no more', async () => {
      const { user, client } = await world.join('manager')
      const removed = await as('admin').delete(`${PATH}${user.id}/`)
      assert.equal(removed.status, 200, removed.text)
      assert.equal((await client.get(PATH)).status, 401)
      assert.equal((await as('admin').get(`${PATH}${user.id}/`)).status, 404)
      assert.equal((await as('admin').delete(`${PATH}${user.id}/`)).status, 404)
    })

    test('ids that nobody has, and bodies that make no sense, are refused', async () => {
      assert.equal((await as('admin').patch(`${PATH}${newId()}/`, { role: 'agent' })).status, 404)
      assert.equal((await as('admin').patch(`${PATH}x/`, { role: 'agent' })).status, 404)
      for (const body of [{ role: 'owner' }, { email: 'a@b.test' }, { id: newId() }, { role: null }, [], 'x']) {
        assert.equal((await as('admin').patch(`${PATH}${idOf('agent')}/`, body)).status, 400, JSON.stringify(body))
      }
    })

    test('the last active admin is neither demoted, kept out nor removed', async () => {
      const business = await world.app.make.business()
      const { user, client } = await world.join('admin', business)
      const spare = await world.join('admin', business)
      await world.app.context().query(User).filter({ id: spare.user.id }).update({ is_active: false })
      const own = `${PATH}${user.id}/`
      assert.equal((await client.patch(own, { role: 'manager' })).status, 409)
      assert.equal((await client.patch(own, { is_active: false })).status, 409)
      assert.equal((await client.delete(own)).status, 409)
      assert.equal((await client.patch(own, { role: 'admin' })).status, 200)
    })

    test('of two admins who demote each other at once, one stays', async () => {
      for (let round = 0; round < 8; round++) {
        const business = await world.app.make.business()
        const [one, two] = [await world.join('admin', business), await world.join('admin', business)]
        const change = round % 2 === 0 ? { role: 'agent' } : { is_active: false }
        const answers = await Promise.all([
          one.client.patch(`${PATH}${two.user.id}/`, change),
          two.client.patch(`${PATH}${one.user.id}/`, change),
        ])
        const left = await world.app
          .context(business)
          .query(Membership)
          .filter({ role: 'admin', is_active: true })
          .all()
        assert.equal(left.length, 1, answers.map(({ text }) => text).join('\n'))
        assert.ok(answers.every(({ status }) => [200, 401, 403, 404, 409].includes(status)))
      }
    })

    test('nobody unlocks or disarms who also belongs to another business, and is not told why', async () => {
      const { user } = await world.join('agent')
      const path = `${PATH}${user.id}/`
      assert.equal((await as('admin').post(`${path}unlock/`)).status, 200)
      const reset = () => as('admin').post(`${path}reset-second-factor/`)
      const without = await reset()
      assert.deepEqual([without.status, without.body.code], [409, 'conflict'])
      const other = await world.app.make.business({ name: 'Elsewhere Ltd' })
      const membership = { business_id: other.id, user: user.id, role: 'agent' } as const
      await world.app.context().acrossBusinesses('test', (all) => all.query(Membership).create(membership))
      const [here, elsewhere] = [without, await reset()].map(({ status, body }) => [status, body.code, body.message])
      assert.deepEqual(here, elsewhere)
      const secret = { user: user.id, secret_sealed: 'x', created_at: new Date(), confirmed_at: new Date() }
      await world.app.context().query(Totp).create(secret)
      assert.equal((await reset()).status, 403)
      assert.equal((await as('admin').post(`${path}unlock/`)).status, 403)
      assert.equal(await inside().query(SecurityEvent).filter({ user: user.id, kind: 'account_unlocked' }).count(), 1)
    })

    test('a superuser may do what an admin may, in the business that they enter', async () => {
      const { access } = (await world.superuser.client.post('/api/business/switch/', { business: world.business.id }))
        .body.data
      assert.ok(access)
      const { user } = await world.join('agent')
      const entered = await world.app.guest.send('PATCH', `${PATH}${user.id}/`, {
        body: { role: 'admin' },
        headers: { authorization: `Bearer ${access}` },
      })
      assert.equal(entered.status, 200, entered.text)
      assert.equal((await as('admin').patch(`${PATH}${user.id}/`, { role: 'agent' })).status, 200)
    })
  })
}
