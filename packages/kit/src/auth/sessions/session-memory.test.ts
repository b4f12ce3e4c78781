import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { PLAIN_SIGN_IN } from '../permissions/principal.ts'
import { TestClock } from '../tests/project.ts'
import type { LiveSession } from './live-session.ts'
import { SessionMemory } from './session-memory.ts'

const subject = { userId: newId(), sessionId: newId(), business: newId() }
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
  const live = { principal, expiresAtMs: clock.now() + 3_600_000 }
  return { clock, reads, live, memory: new SessionMemory({ clock, read }) }
}

describe('what is remembered of sessions', () => {
  it('is read once for many requests', async () => {
    const { memory, reads, live } = open()
    const asked = [memory.find(subject), memory.find(subject)]
    reads[0]?.resolve(live)
    assert.deepEqual(await Promise.all(asked), [principal, principal])
    assert.equal(await memory.find(subject), principal)
    assert.equal(reads.length, 1)
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
      const asked = memory.find(subject)
      reads[count]?.resolve(live)
      await asked
      assert.equal(reads.length, count + 1)
      memory.forget({ kind: 'user', key: newId() })
      await memory.find(subject)
      assert.equal(reads.length, count + 1)
      forget()
    }
    void memory.find(subject)
    assert.equal(reads.length, forgets.length + 1)
  })

  it('is never what was read before a revocation', async () => {
    const { memory, reads, live } = open()
    const early = memory.find(subject)
    memory.forget({ kind: 'session', key: subject.sessionId })
    const late = memory.find(subject)
    reads[1]?.resolve(null)
    reads[0]?.resolve(live)
    assert.equal(await late, null)
    await early
    const next = memory.find(subject)
    reads[2]?.resolve(null)
    assert.equal(await next, null)
  })

  it('is of no use to another user or in another business', async () => {
    const { memory, reads, live } = open()
    const asked = memory.find(subject)
    reads[0]?.resolve(live)
    await asked
    assert.equal(await memory.find({ ...subject, userId: newId() }), null)
    assert.equal(await memory.find({ ...subject, business: null }), null)
  })
})
