import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessId, clientRow, LAST_MOMENT, searchTerm } from './dataset.ts'

const SIZE = { rows: 2000, businesses: 20 }
const ROWS = Array.from({ length: SIZE.rows }, (_, index) => clientRow(index, SIZE))

test('the same number gives the same client', () => {
  assert.deepEqual(clientRow(123, SIZE), ROWS[123])
})

test('ids and e-mail addresses are unique, and ids are UUIDs of version 7', () => {
  assert.equal(new Set(ROWS.map(({ id }) => id)).size, SIZE.rows)
  assert.equal(new Set(ROWS.map(({ email }) => email)).size, SIZE.rows)
  for (const { id } of ROWS) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('every business has as many clients', () => {
  for (let business = 0; business < SIZE.businesses; business++) {
    assert.equal(ROWS.filter((row) => row.businessId === businessId(business)).length, SIZE.rows / SIZE.businesses)
  }
})

test('every client was created before the last moment, each at a moment of its own', () => {
  const last = new Date(LAST_MOMENT).toISOString()
  assert.ok(ROWS.every(({ createdAt }) => createdAt < last))
  assert.equal(new Set(ROWS.map(({ createdAt }) => createdAt)).size, SIZE.rows)
  const many = { rows: 50_000_000, businesses: 1000 }
  assert.ok(clientRow(many.rows - 1, many).createdAt < last)
})

test('most search terms find somebody', () => {
  const texts = ROWS.map(({ name, email, phone }) => `${name} ${email} ${phone}`.toLowerCase())
  const found = Array.from({ length: 100 }, (_, number) => searchTerm(number).toLowerCase()).filter((term) =>
    texts.some((text) => text.includes(term)),
  )
  assert.ok(found.length > 75)
})
