import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { date, decimal, text } from '../fields/index.ts'
import { f, model } from '../models/index.ts'
import type { Context } from './context.ts'

const Ticket = model('crm.Ticket', {
  scope: 'business',
  fields: {
    code: text({ max: 20 }),
    state: text({ max: 20 }).default('open'),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    starts: date().optional(),
    ends: date().optional(),
    secret: decimal({ digits: 4, places: 0, sensitive: true }).default('1'),
  },
  unique: [{ fields: ['code'], where: { state: 'open' }, message: 'A ticket of this code is open.' }],
  checks: {
    credit_positive: { credit__gte: 0 },
    ends_after_start: { where: { ends__gte: f('starts') }, message: 'It ends before it starts.' },
    secret_small: { secret__lt: 100 },
  },
})

for (const source of testStores([Ticket])) {
  describe(`a write that the database refuses on ${source.name}`, () => {
    let stage: ThrowawayStore
    let ctx: Context
    before(async () => {
      stage = await source.create()
      ctx = stage.context(newId())
    })
    after(() => stage.drop())

    const refusal = async (write: Promise<unknown>) => {
      let refused: ApiError | null = null
      await assert.rejects(write, (error) => {
        assert.ok(error instanceof ApiError, String(error))
        refused = error
        return true
      })
      const { code, errors } = refused as unknown as ApiError // as: rejects() has just set it
      return { code, errors: { ...errors } }
    }

    test('tells which check of which fields it breaks', async () => {
      const tickets = ctx.query(Ticket)
      const message = 'Constraint “credit_positive” is violated.'
      const broken = { code: 'validation_failed', errors: { credit: [message] } }
      assert.deepEqual(await refusal(tickets.create({ code: 'a', credit: '-0.01' })), broken)
      const row = await tickets.create({ code: 'a' })
      assert.deepEqual(await refusal(tickets.filter({ id: row.id }).update({ credit: -1 })), broken)
      assert.deepEqual(await refusal(tickets.create({ code: 'b', starts: '2026-02-01', ends: '2026-01-31' })), {
        code: 'validation_failed',
        errors: { ends: ['It ends before it starts.'], starts: ['It ends before it starts.'] },
      })
    })

    test('names no field that nobody may see', async () => {
      assert.deepEqual(await refusal(ctx.query(Ticket).create({ code: 'c', secret: 100 })), {
        code: 'validation_failed',
        errors: { non_field_errors: ['Constraint “secret_small” is violated.'] },
      })
    })

    test('tells that a value is taken among the rows of a condition', async () => {
      const tickets = ctx.query(Ticket)
      await tickets.create({ code: 'd' })
      await tickets.create({ code: 'd', state: 'done' })
      assert.deepEqual(await refusal(tickets.create({ code: 'd' })), {
        code: 'conflict',
        errors: { code: ['A ticket of this code is open.'] },
      })
    })
  })
}
