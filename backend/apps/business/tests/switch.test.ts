import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { testDatabases } from '@bailiwick/kit/testing'
import { User } from '../../account/models.ts'
import { createUser } from '../../account/services.ts'
import { PASSWORD, type Servers, startServers } from '../../account/tests/servers.ts'
import { Business } from '../models.ts'
import { addMember, createBusiness } from '../services.ts'

const SWITCH = '/api/business/switch/'

for (const source of testDatabases()) {
  describe(`the switch between businesses on ${source.name}`, () => {
    let servers: Servers
    before(async () => {
      servers = await startServers({ source })
    })
    after(() => servers.close())

    /** A user signed in to a business of their own. */
    async function signedIn() {
      const member = await servers.makeMember()
      const { on, access } = await servers.signIn(member.email)
      const [client] = on
      assert.ok(client)
      return { member, client, access }
    }

    const as = async (access: string, path: string) =>
      servers.guests[0]?.get(path, { headers: { authorization: `Bearer ${access}` } })

    it('gives tokens for another of the own businesses, and sees that one alone', async () => {
      const { member, client, access } = await signedIn()
      const other = await createBusiness(servers.system, { name: 'Other', slug: newId() })
      await addMember(servers.system, { businessId: other.id, userId: member.id, role: 'manager' })
      const { status, body } = await client.post(SWITCH, { business: other.id })
      assert.deepEqual([status, body.message], [200, 'Business switched'])
      assert.deepEqual(body.data.business, { id: other.id, name: 'Other', slug: other.slug, role: 'manager' })
      await client.post('/api/clients/clients/', { name: 'Mine' })
      const there = (await as(body.data.access, '/api/clients/clients/'))?.body
      const here = (await as(access, '/api/clients/clients/'))?.body
      assert.deepEqual([there.data.length, here.data.length], [0, 1])
    })

    it('answers in the same bytes to a foreign, an inactive and an unknown business', async () => {
      const { member, client } = await signedIn()
      const foreign = await servers.makeMember()
      const inactive = await createBusiness(servers.system, { name: 'Closed', slug: newId() })
      await addMember(servers.system, { businessId: inactive.id, userId: member.id, role: 'admin' })
      await servers.system.query(Business).filter({ id: inactive.id }).update({ is_active: false })
      const answers = await Promise.all(
        [foreign.business, inactive.id, newId()].map((business) => client.post(SWITCH, { business })),
      )
      const [first, ...others] = answers.map(({ status, text, body }) => [
        status,
        text.replace(body.meta.request_id, ''),
      ])
      assert.equal(first?.[0], 404)
      for (const other of others) assert.deepEqual(other, first)
    })

    it('refuses a guest, and input that names no business', async () => {
      const { client } = await signedIn()
      assert.equal((await servers.guests[0]?.post(SWITCH, { business: newId() }))?.status, 401)
      for (const input of [{}, { business: null }, { business: 'acme' }, { business: 5 }, { slug: 'acme' }]) {
        assert.equal((await client.post(SWITCH, input)).status, 400)
      }
    })

    it('lets a superuser into any business', async () => {
      const { business } = await servers.makeMember()
      const email = `${newId()}@root.test`
      await createUser(servers.system, { email, name: 'Root', password: PASSWORD, isSuperuser: true })
      const { on, access } = await servers.signIn(email)
      const homeless = await as(access, '/api/clients/clients/')
      assert.deepEqual([homeless?.status, homeless?.body.code], [403, 'business_required'])
      const { status, body } = (await on[0]?.post(SWITCH, { business })) ?? {}
      assert.deepEqual([status, body?.data.business.role], [200, 'admin'])
      assert.equal((await as(body.data.access, '/api/clients/clients/'))?.status, 200)
    })

    it('inside a business only its members are seen, and no other business', async () => {
      const { member } = await signedIn()
      const fellow = await servers.makeMember({ business: member.business })
      await servers.makeMember()
      const ctx = servers.inBusiness(member.business)
      const users = await ctx.query(User).all()
      assert.deepEqual(users.map(({ id }) => id).sort(), [member.id, fellow.id].sort())
      const businesses = await ctx.query(Business).all()
      assert.deepEqual(
        businesses.map(({ id }) => id),
        [member.business],
      )
    })
  })
}
