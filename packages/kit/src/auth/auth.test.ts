import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { hash } from '@node-rs/argon2'
import { newId } from '../base/index.ts'
import { AuditEntry } from '../db/index.ts'
import { flushExpired, PLAIN_SIGN_IN } from './index.ts'
import {
  Business,
  CLIENT,
  DAY_MS,
  databases,
  Membership,
  openProject,
  PASSWORD,
  type Project,
  SETTINGS,
  Session,
  User,
  withTokens,
} from './tests/project.ts'

const NOT_VALID = { name: 'ApiError', code: 'token_not_valid', status: 401 }
const NO_CREDENTIALS = { name: 'ApiError', code: 'invalid_credentials', status: 401 }
const NOT_FOUND = { name: 'ApiError', code: 'not_found', message: 'Not found.', errors: {} }

for (const source of databases) {
  describe(`sign-in on ${source.name}`, () => {
    let project: Project
    before(async () => {
      project = await openProject(source)
    })
    after(() => project.close())

    const login = async (email: string, password = PASSWORD) =>
      withTokens(await project.auth.login({ email, password }, CLIENT))
    const who = (access: string) => project.auth.authenticate(`Bearer ${access}`)

    /** A user in a business of their own, signed in. */
    async function signedIn(name: string) {
      const user = await project.makeUser({ name, email: `${name}-${newId()}@acme.test` })
      const business = await project.makeBusiness(name)
      await project.makeMember(user, business, 'agent')
      return { ...(await login(user.email)), user, business }
    }

    it('gives tokens, the user and their businesses by name, and works in the first of them', async () => {
      const user = await project.makeUser({ name: 'Asha' })
      const zenith = await project.makeBusiness('Zenith')
      const acme = await project.makeBusiness('Acme')
      await project.makeMember(user, zenith, 'agent')
      await project.makeMember(user, acme, 'manager')
      const signIn = await login('ASHA@Acme.test')
      assert.deepEqual(
        signIn.businesses.map(({ name, role }) => [name, role]),
        [
          ['Acme', 'manager'],
          ['Zenith', 'agent'],
        ],
      )
      assert.equal(signIn.business?.id, acme)
      assert.deepEqual(Object.keys(signIn.user), ['id', 'email', 'name', 'is_superuser', 'last_login'])
      const principal = await who(signIn.access)
      assert.deepEqual(principal, {
        userId: user.id,
        sessionId: principal?.sessionId,
        business: acme,
        role: 'manager',
        isSuperuser: false,
        email: 'asha@acme.test',
        name: 'Asha',
        authenticatedAtMs: project.clock.now(),
        ...PLAIN_SIGN_IN,
        transport: 'bearer',
      })
      const stored = await project.system.query(User).get(user.id)
      assert.equal(stored.last_login?.getTime(), project.clock.now())
    })

    it('keeps of tokens their hash alone, and of whoever signs in from where', async () => {
      const { access, refresh } = await signedIn('Bela')
      const principal = await who(access)
      const row = await project.system.query(Session).get(principal?.sessionId ?? '')
      assert.equal(JSON.stringify(row).includes(refresh.slice(-20)), false)
      assert.match(row.refresh_hash, /^[0-9a-f]{64}$/)
      assert.deepEqual([row.ip, row.user_agent, row.ended_at], ['127.0.0.1', 'test', null])
    })

    it('says the same of an unknown e-mail, a wrong password, no password and an inactive user', async () => {
      await project.makeUser({ name: 'Chandra' })
      await project.makeUser({ name: 'Dev', is_active: false })
      await project.system.query(User).create({ name: 'Esha', email: 'esha@acme.test' })
      await assert.rejects(login('chandra@acme.test', `${PASSWORD}x`), NO_CREDENTIALS)
      for (const email of ['nobody@acme.test', 'dev@acme.test', 'esha@acme.test', 'no e-mail at all', '']) {
        await assert.rejects(login(email), NO_CREDENTIALS, email)
      }
    })

    it('works without a business', async () => {
      await project.makeUser({ name: 'Farid' })
      const signIn = await login('farid@acme.test')
      assert.deepEqual([signIn.business, signIn.businesses], [null, []])
      const principal = await who(signIn.access)
      assert.deepEqual([principal?.business, principal?.role], [null, null])
    })

    it('writes to the audit log that memberships were read across businesses', async () => {
      const { user } = await signedIn('Gita')
      const [entry] = await project.system.query(AuditEntry).filter({ actor: user.id }).all()
      assert.deepEqual([entry?.action, entry?.request_id], ['across_businesses', 'test'])
    })

    it('tells a missing header from one that is malformed and from a token that is not valid', async () => {
      const { access } = await signedIn('Hari')
      assert.equal(await project.auth.authenticate(undefined), null)
      for (const header of ['', 'Basic YTpi', 'Bearerish x', access]) {
        assert.equal(await project.auth.authenticate(header), null, header)
      }
      for (const header of ['Bearer', 'Bearer ', 'bearer a b', `Bearer ${access} x`]) {
        await assert.rejects(
          project.auth.authenticate(header),
          { code: 'bad_authorization_header', status: 401 },
          header,
        )
      }
      await assert.rejects(who(`${access}x`), NOT_VALID)
      assert.equal((await project.auth.authenticate(`bearer  ${access}`))?.email.startsWith('Hari'.toLowerCase()), true)
    })

    it('renews tokens: the refresh token is dead from then on, the session goes on', async () => {
      const first = await signedIn('Indra')
      project.clock.advance(1000)
      const second = await project.auth.refresh(first.refresh, CLIENT)
      const [before, now] = [await who(first.access), await who(second.access)]
      assert.equal(before?.sessionId, now?.sessionId)
      const third = await project.auth.refresh(second.refresh, CLIENT)
      assert.equal((await who(third.access))?.business, first.business)
    })

    it('refuses to renew by an access token, after the end, for an inactive user and when the time is over', async () => {
      const { access, refresh, user } = await signedIn('Lata')
      await assert.rejects(project.auth.refresh(access, CLIENT), NOT_VALID)
      await project.system.query(User).filter({ id: user.id }).update({ is_active: false })
      await assert.rejects(project.auth.refresh(refresh, CLIENT), NOT_VALID)
      await project.system.query(User).filter({ id: user.id }).update({ is_active: true })
      const renewed = await project.auth.refresh(refresh, CLIENT)
      project.clock.advance(60 * DAY_MS)
      await assert.rejects(project.auth.refresh(renewed.refresh, CLIENT), NOT_VALID)
    })

    it('ends a session at once upon logout, however long its tokens would last', async () => {
      const one = await signedIn('Mohan')
      const other = await login(one.user.email)
      const principal = await who(one.access)
      assert.ok(principal)
      await project.auth.logout(principal, CLIENT)
      await assert.rejects(who(one.access), NOT_VALID)
      await assert.rejects(project.auth.refresh(one.refresh, CLIENT), NOT_VALID)
      assert.equal((await who(other.access))?.userId, one.user.id)
      await project.auth.logout(principal, CLIENT)
    })

    it('ends all sessions of a user but the one that asks', async () => {
      const one = await signedIn('Nisha')
      const others = [await login(one.user.email), await login(one.user.email)]
      const principal = await who(one.access)
      await project.auth.endAllSessions(project.system, one.user.id, { except: principal?.sessionId ?? '' })
      for (const { access } of others) await assert.rejects(who(access), NOT_VALID)
      assert.ok(await who(one.access))
      await project.auth.endAllSessions(project.system, one.user.id)
      await assert.rejects(who(one.access), NOT_VALID)
    })

    it('leaves sessions alone when the transaction that ends them fails', async () => {
      const { access, user } = await signedIn('Omar')
      const failing = project.system.transaction(async (tx) => {
        await project.auth.endAllSessions(tx, user.id)
        throw new Error('no')
      })
      await assert.rejects(failing, { message: 'no' })
      assert.ok(await who(access))
    })

    it('switches to another of the own businesses in a new session; the present one goes on', async () => {
      const { access, user, business } = await signedIn('Priya')
      const other = await project.makeBusiness('Globex')
      await project.makeMember(user, other, 'admin')
      const principal = await who(access)
      assert.ok(principal)
      project.clock.advance(60_000)
      const switched = await project.auth.switchBusiness(principal, { business: other, client: CLIENT })
      assert.deepEqual([switched.business?.id, switched.business?.role], [other, 'admin'])
      const there = await who(switched.access)
      assert.deepEqual([there?.business, there?.role], [other, 'admin'])
      assert.notEqual(there?.sessionId, principal.sessionId)
      assert.equal(there?.authenticatedAtMs, principal.authenticatedAtMs)
      assert.equal((await who(access))?.business, business)
    })

    it('says the same of a foreign, an unknown and an inactive business', async () => {
      const { access, user } = await signedIn('Ravi')
      const foreign = await project.makeBusiness('Foreign')
      const closed = await project.makeBusiness('Closed')
      await project.makeMember(user, closed, 'admin')
      await project.system.query(Business).filter({ id: closed }).update({ is_active: false })
      const principal = await who(access)
      assert.ok(principal)
      for (const business of [foreign, closed, newId()]) {
        await assert.rejects(project.auth.switchBusiness(principal, { business, client: CLIENT }), NOT_FOUND)
      }
    })

    it('lets a superuser into every active business as its admin', async () => {
      const root = await project.makeUser({ name: 'Root', is_superuser: true })
      const business = await project.makeBusiness('Anywhere')
      const signIn = await login(root.email)
      assert.equal(signIn.business, null)
      assert.ok(signIn.businesses.some(({ id, role }) => id === business && role === 'admin'))
      const principal = await who(signIn.access)
      assert.ok(principal)
      const { access } = await project.auth.switchBusiness(principal, { business, client: CLIENT })
      const there = await who(access)
      assert.deepEqual([there?.business, there?.role, there?.isSuperuser], [business, 'admin', true])
      const profile = await project.auth.profile(there ?? principal, CLIENT)
      assert.deepEqual([profile.business?.id, profile.business?.role], [business, 'admin'])
    })

    it('tells the signed-in of themselves', async () => {
      const { access, business } = await signedIn('Sita')
      const principal = await who(access)
      assert.ok(principal)
      const profile = await project.auth.profile(principal, CLIENT)
      assert.deepEqual([profile.user.name, profile.business?.id, profile.businesses.length], ['Sita', business, 1])
      assert.equal('password' in profile.user, false)
    })

    it('refuses old tokens of a removed member, an inactive user and an inactive business', async () => {
      const { auth, system } = project
      const member = await signedIn('Tara')
      await who(member.access)
      await project.inBusiness(member.business).transaction(async (tx) => {
        await tx.query(Membership).filter({ user: member.user.id }).delete()
        await auth.userChanged(tx, member.user.id)
      })
      await assert.rejects(who(member.access), NOT_VALID)
      await assert.rejects(auth.refresh(member.refresh, CLIENT), NOT_VALID)

      const blocked = await signedIn('Uma')
      await who(blocked.access)
      await system.transaction(async (tx) => {
        await tx.query(User).filter({ id: blocked.user.id }).update({ is_active: false })
        await auth.userChanged(tx, blocked.user.id)
      })
      await assert.rejects(who(blocked.access), NOT_VALID)

      const closed = await signedIn('Veda')
      await who(closed.access)
      await system.transaction(async (tx) => {
        await tx.query(Business).filter({ id: closed.business }).update({ is_active: false })
        await auth.businessChanged(tx, closed.business)
      })
      await assert.rejects(who(closed.access), NOT_VALID)
    })

    it('counts a membership that is switched off as none', async () => {
      const { access, refresh, user, business } = await signedIn('Vikram')
      await project.inBusiness(business).transaction(async (tx) => {
        await tx.query(Membership).filter({ user: user.id }).update({ is_active: false })
        await project.auth.userChanged(tx, user.id)
      })
      await assert.rejects(who(access), NOT_VALID)
      await assert.rejects(project.auth.refresh(refresh, CLIENT), NOT_VALID)
      assert.deepEqual((await login(user.email)).businesses, [])
    })

    it('sees a new role on the next request', async () => {
      const { access, user, business } = await signedIn('Wafa')
      assert.equal((await who(access))?.role, 'agent')
      await project.inBusiness(business).transaction(async (tx) => {
        await tx.query(Membership).filter({ user: user.id }).update({ role: 'admin' })
        await project.auth.userChanged(tx, user.id)
      })
      assert.equal((await who(access))?.role, 'admin')
    })

    it('sees within a minute what nobody told of', async () => {
      const { access, user } = await signedIn('Xena')
      await who(access)
      await project.system.query(User).filter({ id: user.id }).update({ is_active: false })
      assert.ok(await who(access))
      project.clock.advance(60_000)
      await assert.rejects(who(access), NOT_VALID)
    })

    it('hashes a password anew upon sign-in when its hash is weaker than it is made now', async () => {
      const password = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 })
      await project.system.query(User).create({ name: 'Yash', email: 'yash@acme.test', password })
      await login('yash@acme.test')
      const stored = await project.system.query(User).get({ email: 'yash@acme.test' })
      assert.match(stored.password ?? '', /m=19456,t=2,p=1/)
      await login('yash@acme.test')
    })

    it('removes sessions that have run out', async () => {
      const { user } = await signedIn('Zara')
      project.clock.advance(61 * DAY_MS)
      const fresh = await login(user.email)
      const options = { models: project.models, lockout: SETTINGS.lockout, securityLogDays: 365 }
      assert.ok((await flushExpired(project.system, options)).sessions > 0)
      assert.equal((await flushExpired(project.system, options)).sessions, 0)
      assert.equal(await project.system.query(Session).filter({ user: user.id }).count(), 1)
      assert.ok(await who(fresh.access))
    })
  })
}
