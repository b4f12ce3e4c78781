import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { newId } from '../base/index.ts'
import { type Channel, connectRedisChannel, MemoryChannel } from '../cache/index.ts'
import { CLIENT, databases, type Node, openProject, PASSWORD, type Project, withTokens } from './tests/project.ts'

const NOT_VALID = { name: 'ApiError', code: 'token_not_valid', status: 401 }
const REDIS = { url: process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379', log: { info() {}, warn() {} } }

/** A channel whose messages get lost, as with Redis out of reach. */
class DeadChannel extends MemoryChannel {
  override async publish(): Promise<boolean> {
    return false
  }
}

async function signIn({ auth, makeUser }: Project) {
  const user = await makeUser({ name: 'Asha', email: `${newId()}@acme.test` })
  const { access } = withTokens(await auth.login({ email: user.email, password: PASSWORD }, CLIENT))
  const principal = await auth.authenticate(`Bearer ${access}`)
  assert.ok(principal)
  return { user, principal, access }
}

for (const source of databases) {
  describe(`two nodes on one ${source.name} without Redis`, () => {
    let project: Project
    let other: Node
    before(async () => {
      project = await openProject(source, new DeadChannel())
      other = await project.addNode(new DeadChannel())
    })
    after(() => project.close())

    const onOther = (access: string) => other.auth.authenticate(`Bearer ${access}`)

    it('hear of a logout within half a second', async () => {
      const { principal, access } = await signIn(project)
      assert.ok(await onOther(access))
      await project.auth.logout(principal, CLIENT)
      project.clock.advance(500)
      await assert.rejects(onOther(access), NOT_VALID)
      await assert.rejects(onOther(access), NOT_VALID)
    })

    it('hear of a revocation whose transaction committed long after later ones', async () => {
      const { principal, access } = await signIn(project)
      const later = await signIn(project)
      // SQLite has one writer: there nothing can be written before this commits, so nothing can be missed either.
      const isSerial = source.name === 'sqlite'
      await onOther(access)
      const gate = Promise.withResolvers<void>()
      const written = Promise.withResolvers<void>()
      const slow = project.system.transaction(async (tx) => {
        await project.auth.endSession(tx, principal.sessionId)
        written.resolve()
        await gate.promise
      })
      await written.promise
      if (!isSerial) await project.auth.logout(later.principal, CLIENT)
      project.clock.advance(500)
      assert.ok(await onOther(access))
      if (!isSerial) await assert.rejects(onOther(later.access), NOT_VALID)
      project.clock.advance(20_000)
      assert.ok(await onOther(access))
      gate.resolve()
      await slow
      project.clock.advance(500)
      await assert.rejects(onOther(access), NOT_VALID)
    })

    it('trust nothing that they remember from before a long silence', async () => {
      const { principal, access } = await signIn(project)
      await onOther(access)
      await project.auth.logout(principal, CLIENT)
      project.clock.advance(3_600_000)
      await assert.rejects(onOther(access), NOT_VALID)
    })

    it('hear of revocations when their clock was set back', async () => {
      const { principal, access } = await signIn(project)
      await onOther(access)
      await project.auth.logout(principal, CLIENT)
      project.clock.advance(-100_000)
      await assert.rejects(onOther(access), NOT_VALID)
      project.clock.advance(100_000)
    })

    it('go on serving others while they hear of revocations', async () => {
      const { access } = await signIn(project)
      for (let count = 0; count < 5; count++) {
        await project.auth.logout((await signIn(project)).principal, CLIENT)
        project.clock.advance(600)
        const principals = await Promise.all(Array.from({ length: 20 }, () => onOther(access)))
        assert.ok(principals.every((principal) => principal !== null))
      }
    })
  })
}

describe('two nodes with Redis', () => {
  let project: Project
  let other: Node
  const channels: Channel[] = []
  before(async () => {
    const [source] = databases
    assert.ok(source)
    const prefix = `bw-test-${newId()}:`
    for (let count = 0; count < 2; count++) channels.push(await connectRedisChannel({ ...REDIS, prefix }))
    project = await openProject(source, channels[0])
    other = await project.addNode(channels[1])
  })
  after(async () => {
    await project.close()
    for (const channel of channels) await channel.close()
  })

  it('hear of a logout without looking into the table: the clock stands still', async (context) => {
    if (!channels.every(({ isConnected }) => isConnected)) return context.skip('no Redis here')
    const { principal, access } = await signIn(project)
    assert.ok(await other.auth.authenticate(`Bearer ${access}`))
    await project.auth.logout(principal, CLIENT)
    const deadline = Date.now() + 1000
    const isRefused = () =>
      other.auth.authenticate(`Bearer ${access}`).then(
        () => false,
        () => true,
      )
    while (!(await isRefused())) {
      assert.ok(Date.now() < deadline, 'the logout was not heard of within a second')
      await setTimeout(5)
    }
    return undefined
  })
})
