import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createRevoker } from '@bailiwick/kit/auth'
import { testDatabases } from '@bailiwick/kit/testing'
import { removeMember } from '../../business/services.ts'
import { Session } from '../models.ts'
import { changePassword, setUserActive } from '../services.ts'
import { PASSWORD, type Servers, type SignedIn, startServers } from './servers.ts'

const ME = '/api/account/me/'
const WITHIN_MS = 1000
const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** What a command has: the database alone. */
const revoker = createRevoker({ session: Session })

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
        await changePassword(servers.system, { userId: careful.id, password: 'Another-pass-7', revoker })
        await setTimeout(WITHIN_MS)
        for (const each of signedIn) assert.deepEqual(await statuses(each), [401, 401])
        for (const { email } of [blocked, careful]) {
          const answer = await servers.guests[0]?.post('/api/account/login/', { email, password: PASSWORD })
          assert.equal(answer?.body.code, 'invalid_credentials')
        }
      })
    })
  }
}
