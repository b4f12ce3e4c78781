import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../base/index.ts'
import { decimal, integer, model, text } from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { router, viewset } from './index.ts'

const Line = model('computed.Line', {
  scope: 'business',
  fields: {
    quantity: integer(),
    price: decimal({ digits: 12, places: 2 }).optional(),
    total: decimal({ digits: 14, places: 2 }).generated('{quantity} * {price}'),
    note: text({ max: 40 }).optional(),
    shout: text({ max: 5 }).generated('upper({note})'),
    size: text({ max: 5 }).generated("case when {quantity} > 9 then 'large' else 'small' end", { stored: false }),
  },
  indexes: [['total']],
})
const ROUTERS = [router('computed', { lines: viewset(Line) })]
const LINES = '/api/computed/lines/'

for (const source of testApis([Line], ROUTERS)) {
  describe(`fields that ${source.name} computes`, () => {
    let api: ThrowawayApi
    let call: Caller
    const business = newId()
    before(async () => {
      api = await source.create()
      call = api.as({ business })
    })
    after(() => api.drop())

    test('are in the answer to what made or changed the row', async () => {
      const made = await call('POST', LINES, { body: { quantity: 3, price: '1.10' } })
      assert.equal(made.status, 201)
      assert.deepEqual([made.body.data.total, made.body.data.size], ['3.30', 'small'])
      const changed = await call('PATCH', `${LINES}${made.body.data.id}/`, { body: { quantity: 10 } })
      assert.deepEqual([changed.body.data.total, changed.body.data.size], ['11.00', 'large'])
      const unknown = await call('PATCH', `${LINES}${made.body.data.id}/`, { body: { price: null } })
      assert.equal(unknown.body.data.total, null)
    })

    test('are not taken, neither from a body nor from code', async () => {
      const made = await call('POST', LINES, { body: { quantity: 3, price: '1', total: '5' } })
      assert.deepEqual(made.body.errors, { total: ['This field is read-only.'] })
      const query = api.context(business).query(Line)
      const values = { quantity: 1, price: '1', total: '2' }
      // as: the compiler refuses it as well
      await assert.rejects(
        query.create(values as never),
        /computed.Line.total is computed by the database: it cannot be/,
      )
      await assert.rejects(query.filter({ quantity: 3 }).update({ total: '2' } as never), /is computed by the database/)
      const { id } = await query.create({ quantity: 4, price: '2' })
      await assert.rejects(
        query.bulkUpdate([{ id, total: '2' }] as never, ['total'] as never),
        /is computed by the database/,
      )
      await query.bulkUpdate([{ id, quantity: 5 }], ['quantity'])
      assert.equal((await query.get(id)).total, '10.00')
      await query.filter({ id }).delete()
    })

    test('are refused by their names where they have no room for a value', async () => {
      const large = { quantity: 2147483647, price: '9999999999.99' }
      const made = await call('POST', LINES, { body: large })
      assert.equal(made.body.code, 'validation_failed', made.text)
      assert.deepEqual(made.body.errors.total, ['The value would be out of range.'])
      const long = await call('POST', LINES, { body: { quantity: 1, note: 'abcdef' } })
      assert.deepEqual(long.body.errors.shout, ['The value would be out of range.'], long.text)
      const { id } = await api.context(business).query(Line).create({ quantity: 1, price: '1', note: 'abcde' })
      const changed = await call('PUT', `${LINES}${id}/`, { body: large })
      assert.deepEqual(changed.body.errors.total, ['The value would be out of range.'])
      await call('DELETE', `${LINES}${id}/`)
    })

    test('are filtered and sorted by', async () => {
      const query = api.context(business).query(Line)
      await query.bulkCreate([1, 2, 3, 7].map((quantity) => ({ quantity, price: '0.70' })))
      assert.equal((await query.get({ total: '4.90' })).quantity, 7)
      const sorted = await call('GET', `${LINES}?total__gte=0.70&total__lt=4&price=0.7&ordering=-total`)
      assert.deepEqual(
        sorted.body.data.map((row: { quantity: number }) => row.quantity),
        [3, 2, 1],
      )
      assert.equal((await call('GET', `${LINES}?size=small&price=0.70`)).body.meta.pagination.count, 4)
    })
  })
}
