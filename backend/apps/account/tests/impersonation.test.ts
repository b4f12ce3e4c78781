import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createRevoker } from '@bailiwick/kit/auth'
import { newId } from '@bailiwick/kit/base'
import { AuditEntry } from '@bailiwick/kit/db'
import { testDatabases } from '@bailiwick/kit/testing'
import { SecurityEvent, Session, Totp, User } from '../models.ts'
import { openWorld, type Role, type World } from './users-world.ts'

const PATH = '/api/account/impersonate/'
const REASON = 'Ticket 4711: the invoice does not open'

for (const source of testDatabases()) {
  describe(`working as a user on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await openWorld({ source })
    })
    after(() => world?.app.close())

    const bodyFor = (role: Role) => ({ user: world.members[role].user.id, business: world.business.id, reason: REASON })
    const begin = async (role: Role, values: object = {}) => {
      const answer = await world.superuser.client.post(PATH, { ...bodyFor(role), ...values })
      assert.equal(answer.status, 200, answer.text)
      const { access, refresh, expires_at } = answer.body.data
      return { client: world.app.client(access), refresh, expires_at }
    }

    test('nobody but superusers may', async () => {
      assert.equal((await world.app.guest.post(PATH, bodyFor('agent'))).status, 401)
      for (const { client } of [...Object.values(world.members), world.stranger]) {
        assert.equal((await client.post(PATH, bodyFor('agent'))).status, 403)
      }
    })

    test('the session is that of the user, tells of both, and is told to the user', async () => {
      const { client } = await begin('agent')
      const { data } = (await client.get('/api/account/me/')).body
      assert.equal(data.user.id, world.members.agent.user.id)
      assert.equal(data.impersonator.id, world.superuser.user.id)
      assert.equal((await client.get('/api/clients/clients/')).status, 200)
      assert.equal((await client.get('/api/account/users/')).status, 403)
      const { text } = await world.app.mail.last(world.members.agent.user.email, 'impersonated')
      assert.ok(text.includes(REASON))
      const log = await world.members.agent.client.get('/api/account/security-log/?kind=impersonation_started')
      const [event] = log.body.data
      assert.equal(event.actor, world.superuser.user.id)
      assert.equal(event.details.reason, REASON)
      assert.equal(event.ip, null)
    })

    test('what reaches across businesses is audited under both names', async () => {
      const { client } = await begin('manager')
      await client.get('/api/account/me/')
      const actor = world.members.manager.user.id
      const entries = await world.app.context().query(AuditEntry).filter({ actor }).all()
      const ours = entries.filter(({ impersonator }) => impersonator === world.superuser.user.id)
      assert.ok(ours.some(({ action }) => action === 'across_businesses'))
      assert.ok(ours.some(({ action, reason }) => action === 'impersonation' && reason === REASON))
    })

    test('what is changed is recorded as done by the superuser', async () => {
      const { client } = await begin('admin')
      const { user } = await world.join('agent')
      assert.equal((await client.patch(`/api/account/users/${user.id}/`, { role: 'manager' })).status, 200)
      const event = await world.app.context().query(SecurityEvent).get({ user: user.id, kind: 'role_changed' })
      assert.equal(event.actor, world.superuser.user.id)
      assert.equal(event.ip, null)
    })

    test('what protects an account is not touched, and no other user is reached', async () => {
      const { client } = await begin('admin')
      const { id } = world.members.agent.user
      for (const path of ['2fa/setup/', 'impersonate/', `users/${id}/reset-second-factor/`]) {
        const answer = await client.post(`/api/account/${path}`, path === 'impersonate/' ? bodyFor('agent') : undefined)
        assert.equal(answer.status, 403, `${path} ${answer.text}`)
      }
      for (const path of ['devices/', 'sessions/']) {
        assert.equal((await client.get(`/api/account/${path}`)).status, 403, path)
      }
      assert.equal((await client.delete('/api/account/devices/')).status, 403)
      const security = await client.patch('/api/business/security/', { allows_email_code: true })
      assert.equal(security.status, 403)
    })

    test('it ends by itself, which no refresh changes', async () => {
      const { refresh, expires_at } = await begin('agent', { minutes: 1 })
      const renewed = await world.app.guest.post('/api/account/refresh/', { refresh })
      assert.equal(renewed.status, 200, renewed.text)
      const sessions = world.app.context().query(Session)
      const theirs = sessions.filter({ impersonator: world.superuser.user.id }).orderBy('-created_at')
      const latest = await theirs.first()
      assert.ok(latest)
      assert.ok(Math.abs(latest.expires_at.getTime() - new Date(expires_at).getTime()) < 1000)
      await sessions.filter({ id: latest.id }).update({ expires_at: new Date(0) })
      const again = await world.app.guest.post('/api/account/refresh/', { refresh: renewed.body.data.refresh })
      assert.equal(again.status, 401)
    })

    test('it ends with the sessions of the superuser, and with their rights', async () => {
      const user = await world.app.make.user({ isSuperuser: true })
      const root = await world.app.as(user)
      const work = async () => {
        const answer = await root.post(PATH, bodyFor('agent'))
        assert.equal(answer.status, 200, answer.text)
        const client = world.app.client(answer.body.data.access)
        assert.equal((await client.get('/api/account/me/')).status, 200)
        return client
      }
      const working = await work()
      const ctx = world.app.context()
      const revoker = createRevoker({ session: Session })
      await ctx.transaction(async (tx) => {
        await tx.query(User).filter({ id: user.id }).update({ is_superuser: false })
        await revoker.userChanged(tx, user.id)
      })
      await pause(1000)
      assert.equal((await working.get('/api/account/me/')).status, 401)
      await ctx.query(User).filter({ id: user.id }).update({ is_superuser: true })
      await revoker.userChanged(ctx, user.id)
      await pause(1000)
      const later = await work()
      assert.equal((await root.post('/api/account/logout-all/')).status, 200)
      assert.equal((await later.get('/api/account/me/')).status, 401)
    })

    test('it ends by signing out', async () => {
      const { client } = await begin('agent')
      assert.equal((await client.post('/api/account/logout/')).status, 200)
      assert.equal((await client.get('/api/account/me/')).status, 401)
      const { id: user } = world.members.agent.user
      const ended = { user, kind: 'impersonation_ended' }
      assert.equal((await world.app.context().query(SecurityEvent).get(ended)).actor, world.superuser.user.id)
    })

    test('superusers, strangers to the business and who is not active are out of reach', async () => {
      const other = await world.app.make.user({ isSuperuser: true })
      const ask = async (values: object) =>
        (await world.superuser.client.post(PATH, { ...bodyFor('agent'), ...values })).status
      assert.equal(await ask({ user: other.id, business: null }), 403)
      assert.equal(await ask({ user: newId() }), 404)
      assert.equal(await ask({ user: world.stranger.user.id }), 404)
      assert.equal(await ask({ business: newId() }), 404)
      for (const bad of [{ reason: 'short' }, { minutes: 61 }, { minutes: 0 }, { reason: null }]) {
        assert.equal(await ask(bad), 400, JSON.stringify(bad))
      }
    })

    test('a superuser who has a second factor must have shown it', async () => {
      const user = await world.app.make.user({ isSuperuser: true })
      const client = await world.app.as(user)
      const secret = { user: user.id, secret_sealed: 'x', created_at: new Date(), confirmed_at: new Date() }
      await world.app.context().query(Totp).create(secret)
      const answer = await client.post(PATH, bodyFor('agent'))
      assert.equal(answer.body.code, 'second_factor_required')
    })
  })
}
