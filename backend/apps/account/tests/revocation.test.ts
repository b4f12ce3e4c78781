import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createRevoker } from '@bailiwick/kit/auth'
import { SecretBox } from '@bailiwick/kit/base'
import { testDatabases } from '@bailiwick/kit/testing'
import { removeMember } from '../../business/services.ts'
import { Session } from '../models.ts'
import { changePassword, setUserActive } from '../services.ts'
import { readPart } from './forge-tokens.ts'
import { PASSWORD, type Servers, type SignedIn, startServers } from './servers.ts'

const ME = '/api/account/me/'
const WITHIN_MS = 1000
const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** What a command has: the database alone. */
const revoker = createRevoker({ session: Session })
const box = new SecretBox(['revocation-tests-only-4Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8'])

const statuses = ({ on }: SignedIn) => Promise.all(on.map(async (client) => (await client.get(ME)).status))

for (const source of testDatabases()) {
  for (const redisUrl of [undefined, REDIS_URL]) {
    describe(`two servers on one ${source.name} ${redisUrl ? 'with' : 'without'} Redis`, () => {
      let servers: Servers
      before(async () => {
        servers = await startServers({ source, count: 2, ...(redisUrl && { redisUrl }) })
      })
      after(() => servers.close())

      it('refuse within a second what was signed out on one of them', async () => {
        const { email } = await servers.makeMember()
        const [one, other] = [await servers.signIn(email), await servers.signIn(email)]
        assert.deepEqual([await statuses(one), await statuses(other)].flat(), [200, 200, 200, 200])
        await one.on[0]?.post('/api/account/logout/')
        assert.equal((await one.on[0]?.get(ME))?.status, 401)
        await setTimeout(WITHIN_MS)
        assert.deepEqual(await statuses(one), [401, 401])
        assert.deepEqual(await statuses(other), [200, 200])
      })

      it('refuse within a second a removed member, an inactive user, and sessions of an old password', async () => {
        const members = await Promise.all([1, 2, 3].map(() => servers.makeMember()))
        const [removed, blocked, careful] = members
        assert.ok(removed && blocked && careful)
        const signedIn = await Promise.all(members.map(({ email }) => servers.signIn(email)))
        for (const each of signedIn) assert.deepEqual(await statuses(each), [200, 200])

        await removeMember(servers.inBusiness(removed.business), { userId: removed.id, revoker })
        await setUserActive(servers.system, { userId: blocked.id, isActive: false, revoker })
        await changePassword(servers.system, { userId: careful.id, password: 'Another-pass-7', revoker, box })
        await setTimeout(WITHIN_MS)
        for (const each of signedIn) assert.deepEqual(await statuses(each), [401, 401])
        for (const { email } of [blocked, careful]) {
          const answer = await servers.guests[0]?.post('/api/account/login/', { email, password: PASSWORD })
          assert.equal(answer?.body.code, 'invalid_credentials')
        }
      })

      it('refuse within a second a session that was ended from the list, all others, or all', async () => {
        const { email } = await servers.makeMember()
        const [asking, listed, ...others] = await Promise.all([1, 2, 3, 4].map(() => servers.signIn(email)))
        assert.ok(asking && listed)
        for (const each of [asking, listed, ...others]) assert.deepEqual(await statuses(each), [200, 200])
        const { sid } = readPart(listed.access, 1)
        await asking.on[0]?.delete(`/api/account/sessions/${String(sid)}/`)
        await setTimeout(WITHIN_MS)
        assert.deepEqual(await statuses(listed), [401, 401])
        for (const each of [asking, ...others]) assert.deepEqual(await statuses(each), [200, 200])
        await asking.on[1]?.post('/api/account/sessions/end-others/')
        await setTimeout(WITHIN_MS)
        for (const each of others) assert.deepEqual(await statuses(each), [401, 401])
        assert.deepEqual(await statuses(asking), [200, 200])
        await asking.on[0]?.post('/api/account/logout-all/')
        await setTimeout(WITHIN_MS)
        assert.deepEqual(await statuses(asking), [401, 401])
      })

      it('see within a second what an admin makes of a member through one of them', async () => {
        const admin = await servers.makeMember({ role: 'admin' })
        const { business } = admin
        const people = await Promise.all([1, 2, 3].map(() => servers.makeMember({ business })))
        const [promoted, switchedOff, removed] = people
        assert.ok(promoted && switchedOff && removed)
        const signedIn = await Promise.all(people.map(({ email }) => servers.signIn(email)))
        for (const each of signedIn) assert.deepEqual(await statuses(each), [200, 200])
        const [asAdmin] = (await servers.signIn(admin.email)).on
        assert.ok(asAdmin)
        const place = ({ id }: { readonly id: string }) => `/api/account/users/${id}/`
        const answers = [
          await asAdmin.patch(place(promoted), { role: 'manager' }),
          await asAdmin.patch(place(switchedOff), { is_active: false }),
          await asAdmin.delete(place(removed)),
        ]
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 200, 200],
        )
        await setTimeout(WITHIN_MS)
        const [first, ...refused] = signedIn
        assert.ok(first)
        for (const client of first.on) assert.equal((await client.get(ME)).body.data.business.role, 'manager')
        for (const each of refused) assert.deepEqual(await statuses(each), [401, 401])
        for (const { refresh } of refused) {
          for (const guest of servers.guests) {
            assert.equal((await guest.post('/api/account/refresh/', { refresh })).status, 401)
          }
        }
      })

      it('refuse within a second the other sessions of a user who changes the password', async () => {
        const { email } = await servers.makeMember()
        const [here, there] = [await servers.signIn(email), await servers.signIn(email)]
        for (const each of [here, there]) assert.deepEqual(await statuses(each), [200, 200])
        const change = { old_password: PASSWORD, password: 'Quite-another-pass-7' }
        assert.equal((await here.on[0]?.post('/api/account/password/change/', change))?.status, 200)
        await setTimeout(WITHIN_MS)
        assert.deepEqual(await statuses(there), [401, 401])
        assert.deepEqual(await statuses(here), [200, 200])
      })

      it('take new tokens at once on either of them, wherever they were refreshed', async () => {
        const { email } = await servers.makeMember()
        let { refresh } = await servers.signIn(email)
        for (let round = 0; round < 6; round++) {
          const [here, there] = round % 2 ? servers.guests : servers.guests.toReversed()
          const answer = await here?.post('/api/account/refresh/', { refresh })
          const { data } = answer?.body ?? {}
          const headers = { authorization: `Bearer ${data.access}` }
          assert.equal((await there?.get(ME, { headers }))?.status, 200)
          assert.notEqual(data.refresh, refresh)
          refresh = data.refresh
        }
      })
    })
  }
}
