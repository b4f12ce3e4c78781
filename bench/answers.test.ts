import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertSameAnswers, comparable } from './answers.ts'

test('answers are the same whatever the ids of the requests and the order of keys', () => {
  const ours = comparable({ data: { a: 1, b: 2 }, meta: { request_id: 'x' } }, false)
  const baseline = comparable({ meta: { request_id: 'y' }, data: { b: 2, a: 1 } }, false)
  assertSameAnswers(
    [{ request: 'GET /', status: 200, body: ours }],
    [{ request: 'GET /', status: 200, body: baseline }],
  )
})

test('of a new row, its id and moments may differ, and nothing else', () => {
  const made = (id: string, name: string) => ({ data: { id, name, created_at: id, updated_at: id }, meta: {} })
  const answer = (body: unknown) => [{ request: 'POST /', status: 201, body: comparable(body, true) }]
  assertSameAnswers(answer(made('1', 'Asha')), answer(made('2', 'Asha')))
  assert.throws(() => assertSameAnswers(answer(made('1', 'Asha')), answer(made('2', 'Omar'))), /POST \//)
})

test('a value of another type is another answer', () => {
  const answer = (count: unknown) => [{ request: 'GET /', status: 200, body: { meta: { pagination: { count } } } }]
  assert.throws(() => assertSameAnswers(answer(5), answer('5')), /GET \//)
})
