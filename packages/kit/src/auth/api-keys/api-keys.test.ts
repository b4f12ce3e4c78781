import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId, SecretBox } from '../../base/index.ts'
import { OutboxEntry } from '../../mail/index.ts'
import { type Auth, type Client, hasRole, type Principal } from '../index.ts'
import {
  Business,
  CLIENT,
  DAY_MS,
  databases,
  openProject,
  PASSWORD,
  type Project,
  SECRET,
  withTokens,
} from '../tests/project.ts'
import { newApiKey } from './api-key-text.ts'

const MINUTE_MS = 60_000

for (const source of databases) {
  describe(`API keys of several nodes on ${source.name}`, () => {
    let project: Project
    before(async () => {
      project = await openProject(source)
    })
    after(() => project.close())

    /** A business with an admin, and a key. */
    async function makeKey(values: { readonly expires_at?: Date } = {}) {
      const user = await project.makeUser({ name: 'Asha', email: `${newId()}@acme.test` })
      const business = await project.makeBusiness('Acme')
      await project.makeMember(user, business, 'admin')
      const { access } = withTokens(await project.auth.login({ email: user.email, password: PASSWORD }, CLIENT))
      const principal = await project.auth.authenticate(`Bearer ${access}`)
      assert.ok(principal)
      const change = { ctx: project.inBusiness(business), principal, client: CLIENT, apps: ['clients'] }
      const row = await project.auth.apiKeys.create(change, {
        ...{ name: 'Importer', role: 'manager', scopes: ['clients:read'] },
        ...values,
      })
      return { change, row, key: row.key, business, principal }
    }

    const nameOf = (auth: Auth, key: string, client: Client = CLIENT) =>
      auth.authenticate(`Bearer ${key}`, client).then(
        (principal) => principal?.name,
        (error: { code: string }) => error.code,
      )

    it('stand for a program in a business, under the id of its key', async () => {
      const { row, key, business } = await makeKey()
      const principal: Principal | null = await project.auth.authenticate(`Bearer ${key}`, CLIENT)
      assert.deepEqual(principal, {
        ...{ userId: row.id, sessionId: row.id, business, role: 'manager', isSuperuser: false, email: '' },
        ...{ name: 'Importer', authenticatedAtMs: 0, hasSecondFactor: false, impersonator: null, transport: 'bearer' },
        ...{ lacksSecondFactor: false, apiKey: { id: row.id, scopes: ['clients:read'] } },
      })
      assert.equal(hasRole(principal?.role ?? null, 'admin'), false)
    })

    it('are worth what another node has just made of them, half a second later', async () => {
      const other = await project.addNode()
      const { change, row, key } = await makeKey()
      const onBoth = () => Promise.all([nameOf(project.auth, key), nameOf(other.auth, key)])
      assert.deepEqual(await onBoth(), ['Importer', 'Importer'])
      await project.auth.apiKeys.update(change, row, { name: 'Exporter' })
      project.clock.advance(500)
      assert.deepEqual(await onBoth(), ['Exporter', 'Exporter'])
      const renewed = await project.auth.apiKeys.rotate(change, row, 0)
      project.clock.advance(500)
      assert.deepEqual(await onBoth(), ['token_not_valid', 'token_not_valid'])
      assert.equal(await nameOf(other.auth, renewed.key), 'Exporter')
      await project.auth.apiKeys.revoke(change, row)
      project.clock.advance(500)
      assert.equal(await nameOf(other.auth, renewed.key), 'token_not_valid')
    })

    it('end with their business, and begin again with it', async () => {
      const { key, business } = await makeKey()
      const setActive = async (is_active: boolean) => {
        await project.system.query(Business).filter({ id: business }).update({ is_active })
        await project.auth.businessChanged(project.system, business)
      }
      assert.equal(await nameOf(project.auth, key), 'Importer')
      await setActive(false)
      assert.equal(await nameOf(project.auth, key), 'token_not_valid')
      await setActive(true)
      assert.equal(await nameOf(project.auth, key), 'Importer')
    })

    it('end in time, those before a rotation as well, though they are remembered', async () => {
      const { change, row, key } = await makeKey({ expires_at: new Date(project.clock.now() + DAY_MS) })
      const renewed = await project.auth.apiKeys.rotate(change, row, 1)
      assert.deepEqual(
        [await nameOf(project.auth, key), await nameOf(project.auth, renewed.key)],
        ['Importer', 'Importer'],
      )
      project.clock.advance(60 * MINUTE_MS - 1)
      assert.equal(await nameOf(project.auth, key), 'Importer')
      project.clock.advance(1)
      assert.deepEqual(
        [await nameOf(project.auth, key), await nameOf(project.auth, renewed.key)],
        ['token_not_valid', 'Importer'],
      )
      project.clock.advance(DAY_MS)
      assert.equal(await nameOf(project.auth, renewed.key), 'token_not_valid')
    })

    it('note their use every five minutes at the most', async () => {
      const { row, key, change } = await makeKey()
      const use = async (ip: string) => {
        await nameOf(project.auth, key, { ...CLIENT, ip })
        const { last_used_at, last_used_ip } = await change.ctx.query(project.models.apiKey).get(row.id)
        return [last_used_at?.getTime(), last_used_ip]
      }
      const first = [project.clock.now(), '203.0.113.1']
      assert.deepEqual(await use('203.0.113.1'), first)
      project.clock.advance(5 * MINUTE_MS - 1)
      assert.deepEqual(await use('203.0.113.2'), first)
      project.clock.advance(1)
      assert.deepEqual(await use('203.0.113.3'), [project.clock.now(), '203.0.113.3'])
    })

    it('tell their maker by e-mail that they were made, without the key', async () => {
      const { principal, row, key } = await makeKey()
      const entry = await project.system
        .query(OutboxEntry)
        .filter({ topic: 'mail' })
        .orderBy('-created_at', '-id')
        .first()
      const text = new SecretBox([SECRET]).open(entry?.payload_sealed ?? '', 'outbox')
      const { template, to, values } = JSON.parse(text)
      assert.deepEqual(
        [template, to, values.business, values.key],
        ['api_key_created', principal.email, 'Acme', row.name],
      )
      assert.ok(!text.includes(key.slice(-50)))
    })

    it('that are unknown keep their address from more looks for a minute, and no key that is remembered', async () => {
      const { key } = await makeKey()
      const client = { ...CLIENT, ip: '192.0.2.77' }
      assert.equal(await nameOf(project.auth, key, client), 'Importer')
      const unknown = () => nameOf(project.auth, newApiKey(newId()).key, client)
      const answers: (string | undefined)[] = []
      for (let at = 0; at < 32; at++) answers.push(await unknown())
      assert.deepEqual([answers.indexOf('throttled'), answers.lastIndexOf('token_not_valid')], [30, 29])
      assert.equal(await nameOf(project.auth, key, client), 'Importer')
      assert.equal(
        await nameOf(project.auth, newApiKey(newId()).key, { ...client, ip: '192.0.2.78' }),
        'token_not_valid',
      )
      project.clock.advance(MINUTE_MS)
      assert.equal(await unknown(), 'token_not_valid')
    })

    it('that are unknown are looked for once, not again and again', async () => {
      const { key } = newApiKey(newId())
      for (let at = 0; at < 40; at++)
        assert.equal(await nameOf(project.auth, key, { ...CLIENT, ip: '192.0.2.80' }), 'token_not_valid')
    })

    it('with a wrong secret or for another business are as unknown', async () => {
      const [one, two] = [await makeKey(), await makeKey()]
      assert.equal(await nameOf(project.auth, newApiKey(one.business, one.row.prefix).key), 'token_not_valid')
      assert.equal(await nameOf(project.auth, newApiKey(two.business, one.row.prefix).key), 'token_not_valid')
      assert.equal(await nameOf(project.auth, one.key), 'Importer')
    })
  })
}
