import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { MemoryChannel } from '../../cache/index.ts'
import {
  CLIENT,
  DAY_MS,
  databases,
  type Node,
  openProject,
  PASSWORD,
  type Project,
  SECRET,
  Session,
  withTokens,
} from '../tests/project.ts'
import type { TokenPair } from '../tokens/tokens.ts'
import { openSuccessor } from './successor.ts'

const NOT_VALID = { name: 'ApiError', code: 'token_not_valid', status: 401 }
const ROUNDS = process.env.LONG ? 200 : 10

/** How many values there are of what all settled with. */
const distinct = (pairs: readonly TokenPair[]) => new Set(pairs.map(({ access, refresh }) => access + refresh)).size

for (const source of databases) {
  describe(`refreshing on ${source.name}`, () => {
    let project: Project
    let other: Node
    let nodes: readonly Node[]
    let email: string
    before(async () => {
      // Each node hears of the others by the table alone.
      project = await openProject(source, new MemoryChannel())
      other = await project.addNode(new MemoryChannel())
      nodes = [project, other]
    })
    after(() => project.close())
    beforeEach(async () => {
      email = (await project.makeUser({ name: 'Asha', email: `${newId()}@acme.test` })).email
    })

    const login = async (as = email): Promise<TokenPair> =>
      withTokens(await project.auth.login({ email: as, password: PASSWORD }, CLIENT))
    const refresh = (token: string, node: Node = project) => node.auth.refresh(token, CLIENT)
    const who = (access: string, node: Node = project) => node.auth.authenticate(`Bearer ${access}`)

    async function sessionOf(access: string) {
      const principal = await who(access)
      assert.ok(principal)
      return project.system.query(Session).get(principal.sessionId)
    }

    async function assertEnded(pairs: readonly TokenPair[]): Promise<void> {
      project.clock.advance(500)
      for (const node of nodes) {
        for (const pair of pairs) {
          await assert.rejects(who(pair.access, node), NOT_VALID)
          await assert.rejects(refresh(pair.refresh, node), NOT_VALID)
        }
      }
    }

    it('gives the same pair to a client that lost it and brings its token again', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      project.clock.advance(29_000)
      assert.deepEqual(await refresh(first.refresh, other), second)
      assert.ok(await who(second.access))
      assert.notDeepEqual(await refresh(second.refresh), second)
    })

    it('ends the session when the old token comes after the new access token was used, on whatever node', async () => {
      for (const [here, there] of [nodes, nodes.toReversed()]) {
        const first = await login()
        for (const node of nodes) await who(first.access, node)
        const second = await refresh(first.refresh, here)
        await who(second.access, there)
        await assert.rejects(refresh(first.refresh, here), NOT_VALID)
        await assertEnded([first, second])
      }
    })

    it('takes the old access token for no sign that the new pair arrived', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      for (const node of nodes) await who(first.access, node)
      assert.deepEqual(await refresh(first.refresh), second)
    })

    it('ends the session when the old token comes after the new refresh token was used', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      const third = await refresh(second.refresh)
      await assert.rejects(refresh(first.refresh), NOT_VALID)
      await assertEnded([first, second, third])
    })

    it('ends the session when the old token comes after the grace, though nobody used the new pair', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      project.clock.advance(30_000)
      await assert.rejects(refresh(first.refresh), NOT_VALID)
      await assertEnded([first, second])
    })

    it('tells the security log of the replay, once', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      const { id, user } = await sessionOf(second.access)
      for (let count = 0; count < 3; count++) await assert.rejects(refresh(first.refresh), NOT_VALID)
      const events = project.system.query(project.models.securityEvent).filter({ user, kind: 'refresh_token_replayed' })
      assert.deepEqual(
        (await events.all()).map(({ session }) => session),
        [id],
      )
    })

    it('a thief and the owner who share a pair part at the next refresh of either, and both lose it', async () => {
      const first = await login()
      const owners = await refresh(first.refresh)
      const thiefs = await refresh(first.refresh, other)
      assert.deepEqual(thiefs, owners)
      const next = await refresh(thiefs.refresh, other)
      await who(next.access, other)
      await assert.rejects(refresh(owners.refresh), NOT_VALID)
      await assertEnded([owners, next])
    })

    it('keeps the lost pair so that neither the row nor the secrets of the server open it', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      const { id } = await sessionOf(first.access)
      const { successor_sealed: sealed, ...row } = await project.system.query(Session).get(id)
      assert.ok(sealed)
      for (const key of [SECRET, row.refresh_hash, row.previous_hash ?? '', second.refresh, first.access]) {
        assert.throws(() => openSuccessor(sealed, key), /no secret fits/)
      }
      assert.deepEqual(openSuccessor(sealed, first.refresh), { access: second.access, refresh: second.refresh })
      await who(second.access)
      const confirmed = await project.system.query(Session).get(id)
      assert.deepEqual([confirmed.previous_hash, confirmed.successor_sealed], [null, null])
    })

    it('writes once that a pair arrived, however many requests bring it, and nothing for the next ones', async () => {
      const first = await login()
      const second = await refresh(first.refresh)
      await Promise.all(Array.from({ length: 20 }, (_, at) => who(second.access, nodes[at % 2])))
      const { id } = await sessionOf(second.access)
      const stamp = new Date(0)
      await project.system.query(Session).filter({ id }).update({ last_used_at: stamp })
      for (const node of nodes) await who(second.access, node)
      assert.deepEqual((await project.system.query(Session).get(id)).last_used_at, stamp)
    })

    it('keeps fresh when a session was last used, by a write every five minutes', async () => {
      const { access } = await login()
      const { id, last_used_at } = await sessionOf(access)
      project.clock.advance(299_000)
      await who(access)
      assert.deepEqual((await project.system.query(Session).get(id)).last_used_at, last_used_at)
      project.clock.advance(1000)
      await Promise.all(nodes.map((node) => who(access, node)))
      const { last_used_at: later } = await project.system.query(Session).get(id)
      assert.equal(later.getTime(), project.clock.now())
    })

    it('ends a year after its user has last proved who they are, however often it is refreshed', async () => {
      const start = project.clock.now()
      let pair = await login()
      const { id } = await sessionOf(pair.access)
      const expiresAtMs = async () => (await project.system.query(Session).get(id)).expires_at.getTime()
      for (let days = 50; days <= 350; days += 50) {
        project.clock.advance(50 * DAY_MS)
        pair = await refresh(pair.refresh)
        assert.equal(await expiresAtMs(), start + Math.min(days + 60, 365) * DAY_MS)
      }
      project.clock.advance(15 * DAY_MS)
      await assert.rejects(who(pair.access), NOT_VALID)
      await assert.rejects(refresh(pair.refresh), NOT_VALID)
    })

    it('goes on beside 99 others of its user at the most: the one that was unused longest makes room', async () => {
      const pairs: TokenPair[] = []
      for (let count = 0; count < 100; count++) {
        pairs.push(await login())
        project.clock.advance(1000)
      }
      const [first, second] = pairs
      assert.ok(first && second)
      const refreshed = await refresh(first.refresh)
      await login()
      assert.ok(await who(refreshed.access))
      project.clock.advance(500)
      await assert.rejects(who(second.access, other), NOT_VALID)
      const { user } = await sessionOf(refreshed.access)
      assert.equal(await project.system.query(Session).filter({ user, ended_at__isnull: true }).count(), 100)
    })

    it('does not prolong the session of somebody who works as another', async () => {
      const { user } = await sessionOf((await login()).access)
      const root = await project.makeUser({ name: 'Root', email: `${newId()}@acme.test`, is_superuser: true })
      const lifetimeMs = 3_600_000
      const options = { userId: user, business: null, client: CLIENT, impersonator: root.id, lifetimeMs }
      const first = await project.auth.sessions.start(project.system, options)
      const { expires_at } = await sessionOf(first.access)
      assert.equal(expires_at.getTime(), project.clock.now() + lifetimeMs)
      project.clock.advance(lifetimeMs / 2)
      const second = await refresh(first.refresh)
      assert.deepEqual((await sessionOf(second.access)).expires_at, expires_at)
      project.clock.advance(lifetimeMs / 2)
      await assert.rejects(who(second.access), NOT_VALID)
      await assert.rejects(refresh(second.refresh), NOT_VALID)
    })

    it(`gives one successor to fifty on two nodes at once, ${ROUNDS} times on end; an old token then ends it all`, async () => {
      const pairs = [await login()]
      for (let round = 0; round < ROUNDS; round++) {
        const { refresh: token = '' } = pairs.at(-1) ?? {}
        const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => refresh(token, nodes[at % 2])))
        assert.equal(distinct(answers), 1)
        const [pair] = answers
        assert.ok(pair)
        pairs.push(pair)
        // Every other time the new pair is used, and the token before it is dead for good.
        if (round % 2) await who(pair.access, nodes[(round >> 1) % 2])
      }
      const present = pairs.at(-1)
      assert.ok(present)
      assert.equal((await sessionOf(present.access)).generation, ROUNDS)
      await assert.rejects(refresh(pairs[ROUNDS >> 1]?.refresh ?? ''), NOT_VALID)
      await assertEnded([present, ...pairs.slice(-3)])
    })

    it(`leaves no live token when a logout races with fifty refreshes, ${ROUNDS} times`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const first = await login()
        const principal = await who(first.access)
        assert.ok(principal)
        const racing: Promise<TokenPair>[] = Array.from({ length: 50 }, (_, at) =>
          refresh(first.refresh, nodes[at % 2]),
        )
        racing.splice(
          round % 50,
          0,
          project.auth.logout(principal, CLIENT).then(() => first),
        )
        const settled = await Promise.allSettled(racing)
        const pairs = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
        for (const each of settled) if (each.status === 'rejected') assert.equal(each.reason.code, 'token_not_valid')
        assert.ok(distinct(pairs) <= 2)
        await assertEnded(pairs.slice(0, 2))
      }
    })

    it(`leaves no live token when the end of all sessions races with switches to another business, ${ROUNDS} times`, async () => {
      const business = await project.makeBusiness('Acme')
      const user = await project.makeUser({ name: 'Bela', email: `${newId()}@acme.test` })
      await project.makeMember(user, business, 'agent')
      for (let round = 0; round < ROUNDS; round++) {
        const { access } = await login(user.email)
        const principal = await who(access)
        assert.ok(principal)
        const switches = Array.from({ length: 10 }, (_, at) =>
          (nodes[at % 2] ?? project).auth.switchBusiness(principal, { business, client: CLIENT }),
        )
        const settled = await Promise.allSettled([
          ...switches,
          other.auth.endAllSessions(other.system, user.id).then(() => null),
        ])
        for (const each of settled) if (each.status === 'rejected') assert.equal(each.reason.code, 'token_not_valid')
        assert.equal(await project.system.query(Session).filter({ user: user.id, ended_at__isnull: true }).count(), 0)
      }
    })
  })
}
