import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { PLAIN_SIGN_IN } from '../permissions/principal.ts'
import { TestClock } from '../tests/project.ts'
import type { LiveSession } from './live-session.ts'
import { SessionMemory } from './session-memory.ts'

const subject = { userId: newId(), sessionId: newId(), business: newId() }
const claims = { ...subject, generation: 1 }
const who = { ...subject, role: 'agent', isSuperuser: false, email: 'asha@acme.test', name: 'Asha' } as const
const principal = { ...who, ...PLAIN_SIGN_IN, authenticatedAtMs: 0 }

/** A memory over a database that answers when the test says so. */
function open() {
  const clock = new TestClock()
  const reads: PromiseWithResolvers<LiveSession | null>[] = []
  const read = () => {
    const answer = Promise.withResolvers<LiveSession | null>()
    reads.push(answer)
    return answer.promise
  }
  const use = { mayBeRetried: false, lastUsedAtMs: clock.now(), arriving: null }
  const live = { principal, business: subject.business, expiresAtMs: clock.now() + 3_600_000, generation: 1, use }
  return { clock, reads, live, memory: new SessionMemory({ clock, read }) }
}

describe('what is remembered of sessions', () => {
  it('is read once for many requests', async () => {
    const { memory, reads, live } = open()
    const asked = [memory.find(claims), memory.find(claims)]
    reads[0]?.resolve(live)
    assert.deepEqual(
      (await Promise.all(asked)).map((session) => session?.principal),
      [principal, principal],
    )
    assert.equal((await memory.find(claims))?.principal, principal)
    assert.equal(reads.length, 1)
  })

  it('is read anew for a token that is newer, and not for an older one', async () => {
    const { memory, reads, live } = open()
    const asked = memory.find(claims)
    reads[0]?.resolve(live)
    await asked
    await memory.find({ ...claims, generation: 0 })
    assert.equal(reads.length, 1)
    const newer = memory.find({ ...claims, generation: 2 })
    reads[1]?.resolve({ ...live, generation: 2 })
    assert.equal((await newer)?.generation, 2)
    assert.equal((await memory.find(claims))?.generation, 2)
    assert.equal(reads.length, 2)
  })

  it('is forgotten by session, by user, by business and after a minute', async () => {
    const { memory, reads, live, clock } = open()
    const forgets = [
      () => memory.forget({ kind: 'session', key: subject.sessionId }),
      () => memory.forget({ kind: 'user', key: subject.userId }),
      () => memory.forget({ kind: 'business', key: subject.business }),
      () => memory.forgetAll(),
      () => clock.advance(60_000),
    ]
    for (const [count, forget] of forgets.entries()) {
      const asked = memory.find(claims)
      reads[count]?.resolve(live)
      await asked
      assert.equal(reads.length, count + 1)
      memory.forget({ kind: 'user', key: newId() })
      await memory.find(claims)
      assert.equal(reads.length, count + 1)
      forget()
    }
    void memory.find(claims)
    assert.equal(reads.length, forgets.length + 1)
  })

  it('is never what was read before a revocation', async () => {
    const { memory, reads, live } = open()
    const early = memory.find(claims)
    memory.forget({ kind: 'session', key: subject.sessionId })
    const late = memory.find(claims)
    reads[1]?.resolve(null)
    reads[0]?.resolve(live)
    assert.equal(await late, null)
    await early
    const next = memory.find(claims)
    reads[2]?.resolve(null)
    assert.equal(await next, null)
  })

  it('is of use to a session that is kept out of its business, and forgotten with that business', async () => {
    const { memory, reads, live } = open()
    const keptOut = { ...live, principal: { ...principal, business: null, role: null, lacksSecondFactor: true } }
    const asked = memory.find(claims)
    reads[0]?.resolve(keptOut)
    assert.equal((await asked)?.principal.lacksSecondFactor, true)
    assert.equal((await memory.find(claims))?.principal, keptOut.principal)
    memory.forget({ kind: 'business', key: subject.business })
    void memory.find(claims)
    assert.equal(reads.length, 2)
  })

  it('is of no use to another user or in another business', async () => {
    const { memory, reads, live } = open()
    const asked = memory.find(claims)
    reads[0]?.resolve(live)
    await asked
    assert.equal(await memory.find({ ...claims, userId: newId() }), null)
    assert.equal(await memory.find({ ...claims, business: null }), null)
  })
})
