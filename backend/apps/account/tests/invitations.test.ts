import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { testDatabases } from '@bailiwick/kit/testing'
import { Invitation, Membership } from '../../business/models.ts'
import { User } from '../models.ts'
import { openWorld, type Role, type World } from './users-world.ts'

const PATH = '/api/account/invitations/'
const PASSWORD = 'Correct-horse-battery-9'
const HOUR_MS = 3_600_000

for (const source of testDatabases()) {
  describe(`invitations on ${source.name}`, () => {
    let world: World
    let count = 0
    before(async () => {
      world = await openWorld({ source })
    })
    after(() => world?.app.close())

    const as = (role: Role) => world.members[role].client
    const newEmail = () => `new-${++count}@example.com`
    const invite = async (email: string, { role = 'agent', by = as('admin') } = {}) => {
      const answer = await by.post(PATH, { email, role })
      assert.equal(answer.status, 201, answer.text)
      const { token } = await world.app.mail.last(email, 'invitation')
      assert.ok(token)
      return { id: String(answer.body.data.id), token, answer }
    }
    const accept = (token: string, values: object = { name: 'New', password: PASSWORD }, by = world.app.guest) =>
      by.post(`${PATH}accept/`, { token, ...values })
    const roleOf = async (email: string, business = world.business) => {
      const [user] = await world.app.context().query(User).filter({ email }).all()
      const row = user && (await world.app.context(business).query(Membership).filter({ user: user.id }).first())
      return row?.role ?? null
    }

    test('only admins invite, and see who was invited', async () => {
      const { id } = await invite(newEmail())
      const body = { email: newEmail(), role: 'agent' }
      assert.equal((await world.app.guest.post(PATH, body)).status, 401)
      for (const role of ['subscriber', 'agent', 'manager'] as const) {
        assert.equal((await as(role).post(PATH, body)).status, 403)
        assert.equal((await as(role).get(PATH)).status, 403)
        assert.equal((await as(role).post(`${PATH}${id}/revoke/`)).status, 403)
        assert.equal((await as(role).post(`${PATH}${id}/resend/`)).status, 403)
      }
      assert.equal((await world.stranger.client.get(`${PATH}${id}/`)).status, 404)
      assert.equal((await world.stranger.client.post(`${PATH}${id}/revoke/`)).status, 404)
      assert.equal((await world.stranger.client.post(`${PATH}${id}/resend/`)).status, 404)
      assert.deepEqual((await world.stranger.client.get(PATH)).body.data, [])
      assert.equal((await as('admin').get(`${PATH}${id}/`)).body.data.state, 'open')
    })

    test('a new person gives a name and a password, and may sign in', async () => {
      const email = newEmail()
      const { token } = await invite(email, { role: 'manager' })
      const shown = await world.app.guest.post(`${PATH}preview/`, { token })
      const { expires_at, ...preview } = shown.body.data
      assert.ok(Date.parse(expires_at) > Date.now() + 6 * 24 * HOUR_MS)
      assert.deepEqual(preview, { business: 'Acme', email, role: 'manager', has_account: false })
      assert.equal((await accept(token, {})).status, 400)
      assert.equal((await accept(token, { name: 'New', password: 'password' })).status, 400)
      const { status, body, text } = await accept(token)
      assert.equal(status, 200, text)
      assert.deepEqual(body.data.business.name, 'Acme')
      assert.equal(await roleOf(email), 'manager')
      const { email_verified_at } = await world.app.context().query(User).get({ email })
      assert.notEqual(email_verified_at, null)
      assert.equal((await world.app.guest.post('/api/account/login/', { email, password: PASSWORD })).status, 200)
      assert.equal((await accept(token)).status, 400)
    })

    test('the answer to the inviter is the same whether the address has an account or not', async () => {
      const known = await invite(world.stranger.user.email)
      const unknown = await invite(newEmail())
      const shape = ({ answer: { text, body } }: typeof known) =>
        text
          .replaceAll(body.data.id, 'ID')
          .replaceAll(body.data.email, 'EMAIL')
          .replaceAll(body.meta.request_id, 'REQUEST')
          .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      assert.equal(shape(known), shape(unknown))
      assert.equal((await as('admin').post(`${PATH}${known.id}/revoke/`)).status, 200)
    })

    test('where there is an account, its owner accepts: signed in, or with the password', async () => {
      const other = await world.app.make.business()
      const one = await world.join('agent', other)
      const first = await invite(one.user.email)
      const shown = await world.app.guest.post(`${PATH}preview/`, { token: first.token })
      assert.equal(shown.body.data.has_account, true)
      assert.equal((await accept(first.token, {})).status, 401)
      assert.equal((await accept(first.token, { password: 'Wrong-pass-1' })).status, 401)
      assert.equal((await accept(first.token, { name: 'Thief', password: PASSWORD })).status, 401)
      assert.equal((await accept(first.token, {}, world.stranger.client)).status, 403)
      assert.equal(await roleOf(one.user.email), null)
      assert.equal((await accept(first.token, {}, one.client)).status, 200)
      assert.equal(await roleOf(one.user.email), 'agent')
      const two = await world.join('agent', other)
      const second = await invite(two.user.email)
      assert.equal((await accept(second.token, { password: two.user.password })).status, 200)
      assert.equal(await roleOf(two.user.email), 'agent')
    })

    test('a user is added by being invited', async () => {
      const email = `${newId()}@example.com`
      const answer = await world.members.admin.client.post('/api/account/users/', {
        email: email.toUpperCase(),
        role: 'agent',
      })
      assert.deepEqual([answer.status, answer.body.data.email, answer.body.data.state], [201, email, 'open'])
      assert.ok((await world.app.mail.last(email, 'invitation')).token)
      for (const role of ['manager', 'agent', 'subscriber'] as const) {
        const refused = await world.members[role].client.post('/api/account/users/', { email, role: 'agent' })
        assert.equal(refused.status, 403)
      }
      assert.equal((await world.app.guest.post('/api/account/users/', { email, role: 'agent' })).status, 401)
    })

    test('members, and those invited already, are not invited again', async () => {
      const { email } = world.members.agent.user
      const member = await as('admin').post(PATH, { email: email.toUpperCase(), role: 'agent' })
      assert.equal(member.status, 400)
      assert.deepEqual(Object.keys(member.body.errors), ['email'])
      const open = newEmail()
      await invite(open)
      assert.equal((await as('admin').post(PATH, { email: open, role: 'agent' })).status, 400)
    })

    test('a revoked invitation, and the link before the last, are worth nothing', async () => {
      const email = newEmail()
      const { id, token } = await invite(email)
      assert.equal((await as('admin').post(`${PATH}${id}/resend/`)).status, 200)
      const again = await world.app.mail.last(email, 'invitation')
      assert.notEqual(again.token, token)
      assert.equal((await accept(token)).status, 400)
      assert.equal((await as('admin').post(`${PATH}${id}/revoke/`)).status, 200)
      assert.equal((await as('admin').post(`${PATH}${id}/revoke/`)).status, 409)
      assert.equal((await as('admin').post(`${PATH}${id}/resend/`)).status, 409)
      assert.equal((await accept(again.token ?? '')).status, 400)
      assert.equal((await world.app.guest.post(`${PATH}preview/`, { token: again.token })).status, 400)
      assert.equal((await as('admin').get(`${PATH}${id}/`)).body.data.state, 'revoked')
      assert.equal(await roleOf(email), null)
    })

    test('an invitation is worth nothing once its inviter is no admin any more', async () => {
      for (const change of [{ role: 'manager' }, { is_active: false }]) {
        const inviter = await world.join('admin')
        const email = newEmail()
        const { token } = await invite(email, { role: 'admin', by: inviter.client })
        assert.equal((await as('admin').patch(`/api/account/users/${inviter.user.id}/`, change)).status, 200)
        assert.equal((await accept(token)).status, 400)
        assert.equal(await roleOf(email), null)
      }
      const gone = await world.join('admin')
      const email = newEmail()
      const { id, token } = await invite(email, { by: gone.client })
      assert.equal((await as('admin').delete(`/api/account/users/${gone.user.id}/`)).status, 200)
      assert.equal((await accept(token)).status, 400)
      // Whoever sends it again answers for it from then on.
      assert.equal((await as('admin').post(`${PATH}${id}/resend/`)).status, 200)
      const again = await world.app.mail.last(email, 'invitation')
      assert.equal((await accept(again.token ?? '')).status, 200)
    })

    test('of 100 who accept at once, one does', async () => {
      const other = await world.app.make.business()
      const { user, client } = await world.join('agent', other)
      const { id, token } = await invite(user.email)
      const answers = await Promise.all(Array.from({ length: 100 }, () => accept(token, {}, client)))
      const good = answers.filter(({ status }) => status === 200)
      const odd = answers.filter(({ status }) => ![200, 400, 503].includes(status))
      assert.equal(good.length, 1)
      assert.deepEqual(odd.map(({ text }) => text).slice(0, 3), [])
      assert.equal(await world.app.context(world.business).query(Membership).filter({ user: user.id }).count(), 1)
      const { accepted_at } = await world.app.context(world.business).query(Invitation).get(id)
      assert.notEqual(accepted_at, null)
    })

    test('nobody who was removed comes back by another link', async () => {
      const email = newEmail()
      const [one, two] = [await invite(email), await invite(newEmail())]
      // As admins make them who invite the same person at the same time.
      const sameAddress = (id: string) =>
        world.app.context(world.business).query(Invitation).filter({ id }).update({ email })
      await sameAddress(two.id)
      assert.equal((await accept(one.token)).status, 200)
      assert.equal((await as('admin').get(`${PATH}${two.id}/`)).body.data.state, 'revoked')
      const three = await invite(newEmail())
      await sameAddress(three.id)
      const user = await world.app.context().query(User).get({ email })
      assert.equal((await as('admin').delete(`/api/account/users/${user.id}/`)).status, 200)
      for (const { token } of [two, three]) assert.equal((await accept(token)).status, 400)
      assert.equal(await roleOf(email), null)
      assert.equal((await accept((await invite(email)).token, { password: PASSWORD })).status, 200)
    })

    test('of many new people with one link, one account is made', async () => {
      const email = newEmail()
      const { token } = await invite(email)
      const answers = await Promise.all(Array.from({ length: 12 }, () => accept(token)))
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      assert.ok(answers.every(({ status }) => status < 500 || status === 503))
      assert.equal(await world.app.context().query(User).filter({ email }).count(), 1)
      assert.equal(await roleOf(email), 'agent')
    })
  })
}
