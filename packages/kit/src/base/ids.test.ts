import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isId, newId } from './ids.ts'

test('ids are UUIDs of version 7, unlike each other, and rise within a process', () => {
  const ids = Array.from({ length: 20_000 }, () => newId())
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(ids.toSorted(), ids)
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('ids rise even if the clock goes back', () => {
  const later = newId(Date.now() + 60_000)
  assert.ok(newId(Date.now()) > later)
})

test('an id begins with the time it was made, in milliseconds', () => {
  const at = Date.now() + 3_600_000
  assert.equal(Number.parseInt(newId(at).replace('-', '').slice(0, 12), 16), at)
})

test('only the canonical form counts as an id', () => {
  const id = newId()
  assert.equal(isId(id), true)
  for (const other of [id.toUpperCase(), id.replaceAll('-', ''), `${id} `, '', 5, null])
    assert.equal(isId(other), false)
})
