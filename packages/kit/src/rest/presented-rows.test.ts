import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../base/index.ts'
import { type AnyModel, foreignKey, model, positiveInteger, text } from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { router, serializer, viewset } from './index.ts'

const Dish = model('kitchen.Dish', { scope: 'business', fields: { name: text() } })
const Offer = model('kitchen.Offer', {
  scope: 'business',
  fields: { dish: foreignKey(() => Dish, { onDelete: 'cascade' }), price: positiveInteger() },
  unique: [['dish']],
})
const DishOnOffer = serializer('DishOnOffer', {
  fields: { id: text({ readOnly: true }), name: text({ readOnly: true }), price: positiveInteger() },
})

const offers = viewset(Offer, {
  serializer: DishOnOffer,
  lookup: 'dish',
  present: async (ctx, rows) => {
    const dishes = await ctx.query(Dish).inBulk(rows.map(({ dish }) => dish))
    return rows.map(({ dish, price }) => ({ id: dish, name: dishes.get(dish)?.name, price }))
  },
  filters: ['dish__name', 'price'],
  ordering: ['price', 'dish__name'],
  search: ['dish__name'],
  expand: {},
  only: ['list', 'retrieve', 'partial_update'],
  performUpdate: (row, values, { ctx }) => ctx.query(Offer).filter({ id: row.id }).update(values),
})

const models = [Dish, Offer] as unknown as AnyModel[] // as: made by model()

for (const source of testApis(models, [router('kitchen', { offers })])) {
  describe(`rows that a viewset presents, on ${source.name}`, () => {
    let api: ThrowawayApi
    let call: Caller
    let soup: string
    before(async () => {
      api = await source.create()
      const business = newId()
      call = api.as({ business, role: 'manager' })
      const ctx = api.context(business)
      const [first, second] = await ctx.query(Dish).bulkCreate([{ name: 'Soup' }, { name: 'Stew' }])
      soup = first?.id ?? ''
      await ctx.query(Offer).bulkCreate([
        { dish: soup, price: 5 },
        { dish: second?.id ?? '', price: 9 },
      ])
    })
    after(() => api?.drop())

    it('are listed, filtered, sorted and cut as others are', async () => {
      const all = await call('GET', '/api/kitchen/offers/?ordering=-price')
      assert.deepEqual(
        all.body.data.map(({ name, price }: { name: string; price: number }) => `${name} ${price}`),
        ['Stew 9', 'Soup 5'],
      )
      assert.equal(all.body.meta.pagination.count, 2)
      const some = await call('GET', '/api/kitchen/offers/?dish__name=Soup&fields=name')
      assert.deepEqual(some.body.data, [{ name: 'Soup' }])
      assert.equal((await call('GET', '/api/kitchen/offers/?search=ste')).body.data.length, 1)
    })

    it('are found and changed by the field of the lookup', async () => {
      assert.equal((await call('GET', `/api/kitchen/offers/${soup}/`)).body.data.name, 'Soup')
      const changed = await call('PATCH', `/api/kitchen/offers/${soup}/`, { body: { price: 6 } })
      assert.deepEqual(changed.body.data, { id: soup, name: 'Soup', price: 6 })
      assert.equal((await call('GET', `/api/kitchen/offers/${newId()}/`)).status, 404)
      assert.equal(
        (await api.as({ business: newId(), role: 'admin' })('GET', `/api/kitchen/offers/${soup}/`)).status,
        404,
      )
    })
  })
}

it('a lookup must be unique, and changes by it need hooks', () => {
  assert.throws(() => viewset(Offer, { lookup: 'price', only: ['list'] }), /price is not unique/)
  assert.throws(
    () => viewset(Offer, { lookup: 'dish', only: ['list', 'destroy'] }),
    /destroy by dish needs performDestroy/,
  )
})
