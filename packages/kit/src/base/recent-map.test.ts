import assert from 'node:assert/strict'
import { it } from 'node:test'
import { RecentMap } from './recent-map.ts'

it('a recent map drops the entry that was not asked for the longest time', () => {
  const map = new RecentMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  assert.equal(map.get('a'), 1)
  assert.deepEqual(map.set('c', 3), ['b'])
  assert.equal(map.get('b'), undefined)
  assert.deepEqual([map.get('a'), map.get('c'), map.size], [1, 3, 2])
})

it('a recent map drops what is asked to be dropped', () => {
  const map = new RecentMap<string, number>(10)
  for (const [at, key] of ['a', 'b', 'c'].entries()) map.set(key, at)
  map.deleteWhere((value) => value > 1)
  map.delete('a')
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [undefined, 1, undefined])
  map.clear()
  assert.equal(map.size, 0)
})
