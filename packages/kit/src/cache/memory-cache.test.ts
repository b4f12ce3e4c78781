import assert from 'node:assert/strict'
import { it } from 'node:test'
import { describeCache } from './cache-contract.ts'
import { describeChannel } from './channel-contract.ts'
import { globalKey, MemoryCache, MemoryChannel } from './index.ts'

describeCache('memory', async () => new MemoryCache())
describeChannel('memory', async () => new MemoryChannel())

it('an entry is gone at the very end of its lifetime', async () => {
  let nowMs = 1000
  const cache = new MemoryCache({ clock: { now: () => nowMs } })
  await cache.set(globalKey('a'), 'x', { ttlMs: 500 })
  nowMs = 1499
  assert.equal(await cache.get(globalKey('a')), 'x')
  nowMs = 1500
  assert.equal(await cache.get(globalKey('a')), null)
})

it('a full memory cache lets go of what was written longest ago', async () => {
  const cache = new MemoryCache({ maxEntries: 2 })
  for (const name of ['a', 'b', 'a', 'c']) await cache.set(globalKey(name), name, { ttlMs: 1000 })
  assert.equal(await cache.get(globalKey('b')), null)
  assert.equal(await cache.get(globalKey('a')), 'a')
  assert.equal(await cache.get(globalKey('c')), 'c')
})
