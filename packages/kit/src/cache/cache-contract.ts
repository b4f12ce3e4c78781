import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Cache } from './cache.ts'
import { businessKey, globalKey } from './cache-key.ts'

/** What every driver of the cache must do. `open` answers an empty cache. */
export function describeCache(name: string, open: () => Promise<Cache>): void {
  describe(`the cache contract on ${name}`, () => {
    let cache: Cache
    before(async () => {
      cache = await open()
    })
    after(() => cache.close())
    const minute = { ttlMs: 60_000 }

    it('keeps a text until it is deleted', async () => {
      const key = globalKey('greeting')
      assert.equal(await cache.get(key), null)
      await cache.set(key, 'ahlan – سلام', minute)
      assert.equal(await cache.get(key), 'ahlan – سلام')
      await cache.delete(key)
      assert.equal(await cache.get(key), null)
    })

    it('keeps the empty text apart from none', async () => {
      await cache.set(globalKey('empty'), '', minute)
      assert.equal(await cache.get(globalKey('empty')), '')
    })

    it('keeps the entries of one business apart from those of another', async () => {
      await cache.set(businessKey('acme', 'count'), '7', minute)
      assert.equal(await cache.get(businessKey('globex', 'count')), null)
      assert.equal(await cache.get(businessKey('acme', 'count')), '7')
    })

    it('forgets an entry when its lifetime is over', async () => {
      await cache.set(globalKey('brief'), 'x', { ttlMs: 30 })
      await untilGone(cache, 'brief')
    })

    it('adds only what is not there', async () => {
      assert.equal(await cache.add(globalKey('lock'), 'first', minute), true)
      assert.equal(await cache.add(globalKey('lock'), 'second', minute), false)
      assert.equal(await cache.get(globalKey('lock')), 'first')
    })

    it('lets one of many win an add', async () => {
      const tries = await Promise.all(Array.from({ length: 20 }, () => cache.add(globalKey('race'), 'x', minute)))
      assert.equal(tries.filter(Boolean).length, 1)
    })

    it('counts from 1, and loses no step of many at once', async () => {
      const counts = await Promise.all(Array.from({ length: 20 }, () => cache.increment(globalKey('tries'), minute)))
      assert.deepEqual(
        counts.toSorted((a, b) => Number(a) - Number(b)),
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    })

    it('ends a count with the lifetime of its first step, however many follow', async () => {
      await cache.increment(globalKey('window'), { ttlMs: 40 })
      await cache.increment(globalKey('window'), minute)
      await untilGone(cache, 'window')
      assert.equal(await cache.increment(globalKey('window'), minute), 1)
    })

    it('answers a ping', () => cache.ping())
  })
}

async function untilGone(cache: Cache, name: string): Promise<void> {
  for (let attempt = 0; (await cache.get(globalKey(name))) !== null; attempt++) {
    assert.ok(attempt < 500, `${name} is still there`)
    await setTimeout(10)
  }
}
