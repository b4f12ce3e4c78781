import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  addExact,
  type ExactNumber,
  exactText,
  newId,
  readExact,
  shareOf,
  timesExact,
  withPlaces,
} from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { bigInteger, decimal, integer } from '../fields/index.ts'
import { f, model } from '../models/index.ts'
import { avg, sum } from './aggregate.ts'

const Sample = model('math.Sample', {
  scope: 'business',
  softDelete: false,
  fields: {
    bucket: integer(),
    price: decimal({ digits: 15, places: 3 }),
    fee: decimal({ digits: 15, places: 3 }).default('0'),
    big: bigInteger(),
  },
})

const price = fc
  .bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n })
  .map((units) => exactText({ units, places: 3 }))
const row = fc.record({
  bucket: fc.integer({ min: 0, max: 3 }),
  price,
  big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
})

const exact = (text: string): ExactNumber => {
  const number = readExact(text)
  assert.ok(number)
  return number
}

for (const source of testStores([Sample])) {
  describe(`reckoning on ${source.name}`, () => {
    let stage: ThrowawayStore
    before(async () => {
      stage = await source.create()
    })
    after(() => stage.drop())

    test('gives sums and means that no digit is missing from, whatever the numbers', async () => {
      const rows = fc.array(row, { minLength: 1, maxLength: 40 })
      await fc.assert(
        fc.asyncProperty(rows, async (given) => {
          const ctx = stage.context(newId())
          await ctx.query(Sample).bulkCreate(given)
          const groups = await ctx
            .query(Sample)
            .groupBy('bucket')
            .annotate({ total: sum('price'), mean: avg('price'), big: sum('big') })
            .all()
          const expected = [0, 1, 2, 3].flatMap((bucket) => {
            const own = given.filter((each) => each.bucket === bucket)
            if (own.length === 0) return []
            const total = own.map((each) => exact(each.price)).reduce(addExact)
            const mean = exactText(shareOf(total, BigInt(own.length), 7))
            return [{ bucket, total: exactText(total), mean, big: own.reduce((all, { big }) => all + big, 0n) }]
          })
          assert.deepEqual(groups, expected)
        }),
        { numRuns: 15 },
      )
    })

    test('gives products that are rounded as they are on paper, or refuses them', async () => {
      const ctx = stage.context(newId())
      const factor = fc.bigInt({ min: -9999n, max: 9999n }).map((units) => exactText({ units, places: 3 }))
      await fc.assert(
        fc.asyncProperty(price, factor, async (start, by) => {
          const { id } = await ctx.query(Sample).create({ bucket: 0, price: start, big: 0n })
          const product = withPlaces(timesExact(exact(start), exact(by)), 3)
          const isInside = product.units > -(10n ** 15n) && product.units < 10n ** 15n
          const update = ctx
            .query(Sample)
            .filter({ id })
            .update({ fee: f('price').times(by) })
          if (!isInside) await assert.rejects(update, /Validation failed/)
          else await update
          assert.equal((await ctx.query(Sample).get(id)).fee, isInside ? exactText(product) : '0.000')
        }),
        { numRuns: 30 },
      )
    })
  })
}
