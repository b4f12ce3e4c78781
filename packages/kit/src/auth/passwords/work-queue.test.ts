import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { ApiError } from '../../base/index.ts'
import { WorkQueue } from './work-queue.ts'

describe('a work queue', () => {
  it('runs so many at a time, in order, and refuses what would have to wait too long', async () => {
    const queue = new WorkQueue({ concurrency: 2, waiting: 3 })
    const started: number[] = []
    const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>())
    const runs = gates.slice(0, 5).map((gate, index) =>
      queue.run(async () => {
        started.push(index)
        await gate.promise
        return index
      }),
    )
    await setImmediate()
    assert.deepEqual(started, [0, 1])
    await assert.rejects(
      queue.run(async () => {}),
      (error: ApiError) => {
        assert.match(error.headers['retry-after'] ?? '', /^([2-9]|10)$/)
        return error.code === 'service_unavailable' && error.status === 503
      },
    )
    gates[1]?.resolve()
    await setImmediate()
    assert.deepEqual(started, [0, 1, 2])
    for (const { resolve } of gates) resolve()
    assert.deepEqual(await Promise.all(runs), [0, 1, 2, 3, 4])
  })

  it('goes on after work that failed', async () => {
    const queue = new WorkQueue({ concurrency: 1, waiting: 1 })
    await assert.rejects(
      queue.run(async () => {
        throw new Error('broken')
      }),
      { message: 'broken' },
    )
    assert.equal(await queue.run(async () => 'fine'), 'fine')
  })
})

it('that rests does all the work all the same, one piece after the other', async () => {
  const queue = new WorkQueue({ concurrency: 1, waiting: 5, rests: true })
  let running = 0
  const work = async (piece: number) => {
    running += 1
    assert.equal(running, 1)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running -= 1
    return piece
  }
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map((piece) => queue.run(() => work(piece)))), [1, 2, 3, 4])
})
