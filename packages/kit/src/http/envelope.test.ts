import assert from 'node:assert/strict'
import { it } from 'node:test'
import { envelopeText, errorEnvelope, successEnvelope } from './index.ts'

const pagination = { count: 200, page: 1, page_size: 50, total_pages: 4, next: 'http://h/?page=2', previous: null }

it('a success has data and meta, and a message and pagination only where they are set', () => {
  assert.deepEqual(successEnvelope([1], { requestId: 'r1' }), { data: [1], meta: { request_id: 'r1' } })
  assert.deepEqual(successEnvelope(null, { requestId: 'r1', message: 'Deleted', pagination }), {
    data: null,
    message: 'Deleted',
    meta: { request_id: 'r1', pagination },
  })
})

it('an error has the five parts always', () => {
  assert.deepEqual(errorEnvelope({ code: 'not_found', message: 'Not found.', errors: {} }, 'r1'), {
    data: null,
    message: 'Not found.',
    code: 'not_found',
    errors: {},
    meta: { request_id: 'r1' },
  })
})

it('the text around data that is text already says the same as the object', () => {
  const data = [{ name: 'Asha "A" – ä' }]
  const message = 'Said "hello"\n'
  assert.equal(envelopeText('null', { requestId: 'r1' }), JSON.stringify(successEnvelope(null, { requestId: 'r1' })))
  assert.equal(
    envelopeText(JSON.stringify(data), { requestId: 'r1', message, paginationJson: JSON.stringify(pagination) }),
    JSON.stringify(successEnvelope(data, { requestId: 'r1', message, pagination })),
  )
})
