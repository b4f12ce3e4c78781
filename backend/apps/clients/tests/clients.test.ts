import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type MadeUser, type TestClient, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

const PATH = '/api/clients/clients/'
const ROLES = ['subscriber', 'agent', 'manager', 'admin'] as const

type Role = (typeof ROLES)[number]

interface Member {
  readonly user: MadeUser
  readonly client: TestClient
}

interface World {
  readonly app: TestProject
  readonly members: Readonly<Record<Role, Member>>
  /** The admin of another business. */
  readonly stranger: Member
}

/** A business with a member of each role, and another business. */
async function createWorld(app: TestProject): Promise<World> {
  const business = await app.make.business()
  const member = async (role: Role, of = business): Promise<Member> => {
    const user = await app.make.user({ business: of, role })
    return { user, client: await app.as(user) }
  }
  const entries = await Promise.all(ROLES.map(async (role) => [role, await member(role)] as const))
  // as: there is an entry for each role
  const members = Object.fromEntries(entries) as Record<Role, Member>
  return { app, members, stranger: await member('admin', await app.make.business()) }
}

for (const source of testDatabases()) {
  describe(`clients on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await createWorld(await testProject(project, { source }))
    })
    after(() => world?.app.close())

    const as = (role: Role): TestClient => world.members[role].client
    let count = 0
    /** A client made by an agent. */
    const add = async (values: object = {}) => {
      const answer = await as('agent').post(PATH, { name: `Client ${++count}`, ...values })
      assert.equal(answer.status, 201, answer.text)
      return answer.body.data
    }

    test('a new client has its defaults, a message and an address', async () => {
      const answer = await as('agent').post(PATH, { name: 'Asha', email: 'asha@example.com' })
      assert.equal(answer.status, 201)
      const { id, created_at, updated_at, ...data } = answer.body.data
      assert.equal(answer.headers.get('location'), `${PATH}${id}/`)
      assert.equal(answer.body.message, 'Created successfully')
      assert.equal(created_at, updated_at)
      assert.deepEqual(data, {
        name: 'Asha',
        email: 'asha@example.com',
        phone: null,
        status: 'lead',
        owner: null,
        credit: '0.00',
        notes: null,
        tags: [],
        birthday: null,
      })
    })

    test('every member reads', async () => {
      const { id } = await add()
      for (const role of ROLES) {
        assert.equal((await as(role).get(PATH)).status, 200, role)
        assert.equal((await as(role).get(`${PATH}${id}/`)).status, 200, role)
        assert.equal((await as(role).get(`${PATH}summary/`)).status, 200, role)
      }
    })

    test('agents and above create, change and archive', async () => {
      for (const role of ROLES) {
        const { id } = await add()
        const isAllowed = role !== 'subscriber'
        const own = { name: `Made by ${role}` }
        assert.equal((await as(role).post(PATH, own)).status, isAllowed ? 201 : 403, role)
        assert.equal((await as(role).put(`${PATH}${id}/`, own)).status, isAllowed ? 200 : 403, role)
        assert.equal((await as(role).patch(`${PATH}${id}/`, { notes: 'Seen' })).status, isAllowed ? 200 : 403, role)
        assert.equal((await as(role).post(`${PATH}${id}/archive/`)).status, isAllowed ? 200 : 403, role)
      }
    })

    test('managers and above delete, look into the bin and restore', async () => {
      for (const role of ROLES) {
        const { id } = await add()
        const isAllowed = role === 'manager' || role === 'admin'
        assert.equal((await as(role).delete(`${PATH}${id}/`)).status, isAllowed ? 200 : 403, role)
        assert.equal((await as(role).get(`${PATH}?deleted=only`)).status, isAllowed ? 200 : 403, role)
        if (!isAllowed) await as('admin').delete(`${PATH}${id}/`)
        assert.equal((await as(role).post(`${PATH}${id}/restore/`)).status, isAllowed ? 200 : 403, role)
      }
    })

    test('a guest reads and changes nothing', async () => {
      const { id } = await add()
      const { guest } = world.app
      const answers = [
        await guest.get(PATH),
        await guest.get(`${PATH}${id}/`),
        await guest.get(`${PATH}summary/`),
        await guest.post(PATH, { name: 'Nobody' }),
        await guest.patch(`${PATH}${id}/`, { name: 'Nobody' }),
        await guest.delete(`${PATH}${id}/`),
        await guest.post(`${PATH}${id}/archive/`),
      ]
      for (const { status, body } of answers) {
        assert.equal(status, 401)
        assert.equal(body.code, 'not_authenticated')
        assert.equal(body.data, null)
      }
    })

    test('the admin of another business finds none of it', async () => {
      const { id } = await add({ name: 'Only ours' })
      const { client } = world.stranger
      assert.equal((await client.get(`${PATH}${id}/`)).status, 404)
      assert.equal((await client.patch(`${PATH}${id}/`, { name: 'Theirs' })).status, 404)
      assert.equal((await client.delete(`${PATH}${id}/`)).status, 404)
      assert.equal((await client.post(`${PATH}${id}/archive/`)).status, 404)
      assert.equal((await client.get(`${PATH}?search=Only`)).text.includes(id), false)
      assert.deepEqual((await client.get(`${PATH}summary/`)).body.data, { total: 0, lead: 0, active: 0, archived: 0 })
      assert.equal((await as('agent').get(`${PATH}${id}/`)).body.data.name, 'Only ours')
    })

    test('an archived client says so, and the summary counts it', async () => {
      const { id } = await add({ status: 'active' })
      const before = (await as('agent').get(`${PATH}summary/`)).body.data
      const answer = await as('agent').post(`${PATH}${id}/archive/`)
      assert.equal(answer.body.message, 'Client archived')
      assert.equal(answer.body.data.status, 'archived')
      const after = (await as('agent').get(`${PATH}summary/`)).body.data
      assert.deepEqual(after, { ...before, active: before.active - 1, archived: before.archived + 1 })
    })

    test('clients are found by name, e-mail and phone', async () => {
      const { id } = await add({ name: 'Zephyr Quill', email: 'zq@needle.example', phone: '+973 1755 0101' })
      for (const words of ['zephyr', 'quill zeph', 'needle.example', '17550101']) {
        const { body } = await as('subscriber').get(`${PATH}?search=${encodeURIComponent(words)}`)
        assert.deepEqual(
          body.data.map((client: { readonly id: string }) => client.id),
          [id],
          words,
        )
      }
    })

    test('the owner can be shown, with id, name and e-mail', async () => {
      const { user } = world.members.manager
      const { id } = await add({ owner: user.id })
      const plain = await as('subscriber').get(`${PATH}${id}/`)
      assert.equal(plain.body.data.owner, user.id)
      const expanded = await as('subscriber').get(`${PATH}${id}/?expand=owner`)
      assert.deepEqual(Object.keys(expanded.body.data.owner), ['id', 'name', 'email'])
      assert.equal(expanded.body.data.owner.email, user.email)
    })

    test('an owner has to be a member of the business', async () => {
      const { user } = world.stranger
      const answer = await as('agent').post(PATH, { name: 'Owned from afar', owner: user.id })
      assert.equal(answer.status, 400)
      assert.deepEqual(answer.body.errors, { owner: [`Invalid pk "${user.id}" - object does not exist.`] })
    })

    test('an e-mail is used once in a business, and again in another', async () => {
      await add({ email: 'once@example.com' })
      const again = await as('agent').post(PATH, { name: 'Twin', email: 'once@example.com' })
      assert.equal(again.status, 409)
      assert.deepEqual(again.body.errors, { email: ['Client with this email already exists.'] })
      const elsewhere = await world.stranger.client.post(PATH, { name: 'Namesake', email: 'once@example.com' })
      assert.equal(elsewhere.status, 201)
    })
  })
}
