import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../base/index.ts'
import { createContext, decimal, foreignKey, integer, manyToMany, model, oneToOne, text } from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { testStores } from '../testing/throwaway-store.ts'
import { computed, endpointsOf, MAX_EXPANDED, router, serializer, viewset } from './index.ts'

const Label = model('shop.Label', { scope: 'business', fields: { name: text() }, ordering: ['name'] })
const Buyer = model('shop.Buyer', {
  scope: 'business',
  fields: { name: text(), labels: manyToMany(() => Label, { relatedName: 'buyers' }) },
  ordering: ['name'],
})
const Card = model('shop.Card', {
  scope: 'business',
  fields: { buyer: oneToOne(() => Buyer, { onDelete: 'cascade', relatedName: 'card' }), number: text() },
})
const Order = model('shop.Order', {
  scope: 'business',
  id: 'bigint',
  fields: {
    buyer: foreignKey(() => Buyer, { onDelete: 'cascade', relatedName: 'orders' }),
    seller: foreignKey(() => Buyer, { onDelete: 'set null', relatedName: 'sales' }).optional(),
    place: integer(),
    amount: decimal({ digits: 12, places: 2 }).default('1'),
    pin: text({ writeOnly: true }).default('hidden-pin'),
    secret: text({ sensitive: true }).default('hidden-secret'),
  },
  ordering: ['place'],
})
const MODELS = [Label, Buyer, Card, Order]

const OrderShown = serializer(Order, { name: 'OrderShown', fields: ['place', 'amount', 'pin'] })
const Sold = serializer(Order, {
  name: 'Sold',
  fields: ['place', 'buyer'],
  nested: { buyer: serializer(Buyer, { name: 'BuyerName', fields: ['name'] }) },
})
const LabelShown = serializer(Label, { name: 'LabelShown', fields: ['name'] })
const Loud = serializer(Label, {
  name: 'Loud',
  fields: ['name'],
  computed: { loud: computed(text(), ({ name }) => name.toUpperCase()) },
})
const CardShown = serializer(Card, { name: 'CardShown', fields: ['number'] })
const fields = ['id', 'name', 'labels'] as const
const ROUTERS = [
  router('shop', {
    buyers: viewset(Buyer, {
      serializer: serializer(Buyer, { fields }),
      expand: { orders: OrderShown, sales: Sold, labels: LabelShown, card: CardShown },
    }),
    shouted: viewset(Buyer, {
      serializer: serializer(Buyer, {
        name: 'Shouted',
        fields,
        computed: { loud: computed(text(), ({ name }) => name.toUpperCase()) },
      }),
      expand: { orders: OrderShown, sales: Sold, labels: Loud, card: CardShown },
    }),
    labels: viewset(Label, {
      serializer: LabelShown,
      expand: { buyers: serializer(Buyer, { name: 'BuyerOfLabel', fields: ['name'] }) },
    }),
  }),
]

for (const source of testApis(MODELS, ROUTERS)) {
  describe(`relations to many rows that are expanded, on ${source.name}`, () => {
    let api: ThrowawayApi
    let statements = 0
    before(async () => {
      api = await source.create()
      const execute = api.database.execute.bind(api.database)
      api.database.execute = (...given) => {
        statements += 1
        return execute(...given)
      }
    })
    after(() => api.drop())

    async function fill(business: string, orders = 2): Promise<Caller> {
      const ctx = createContext(api.store, { actor: null, business, requestId: 'test' })
      const labels = await ctx.query(Label).bulkCreate([{ name: 'new' }, { name: 'big' }, { name: 'gone' }])
      const [asha, badr] = await ctx.query(Buyer).bulkCreate([{ name: 'Asha' }, { name: 'Badr' }, { name: 'Cyd' }])
      assert.ok(asha && badr)
      await ctx.links(Buyer, asha.id, 'labels').set(labels.map(({ id }) => id))
      await ctx.links(Buyer, badr.id, 'labels').set(labels.slice(0, 1).map(({ id }) => id))
      await ctx.query(Card).create({ buyer: asha.id, number: 'C1' })
      const places = Array.from({ length: orders }, (_, at) => ({ buyer: asha.id, place: orders - at }))
      await ctx.query(Order).bulkCreate([...places, { buyer: badr.id, seller: asha.id, place: 7, amount: '12.5' }])
      await ctx.query(Order).bulkCreate([{ buyer: badr.id, place: 999 }])
      await ctx.query(Order).filter({ place: 999 }).delete()
      await ctx.query(Label).filter({ name: 'gone' }).delete()
      return api.as({ business })
    }

    for (const resource of ['buyers', 'shouted']) {
      const path = `/api/shop/${resource}/`
      test(`stand in lists and single rows by what their serializer shows, and no more (${resource})`, async () => {
        const call = await fill(newId())
        const list = await call('GET', `${path}?expand=orders,sales,labels,card`)
        assert.equal(list.status, 200, list.text)
        const [asha, badr, cyd] = list.body.data
        assert.deepEqual(asha.orders, [
          { place: 1, amount: '1.00' },
          { place: 2, amount: '1.00' },
        ])
        assert.deepEqual(badr.orders, [{ place: 7, amount: '12.50' }])
        assert.deepEqual(asha.sales, [{ place: 7, buyer: { name: 'Badr' } }])
        assert.deepEqual(
          asha.labels.map(({ name }: { name: string }) => name),
          ['big', 'new'],
        )
        assert.deepEqual([asha.card, badr.card], [{ number: 'C1' }, null])
        assert.deepEqual([cyd.orders, cyd.sales, cyd.labels, cyd.card], [[], [], [], null])
        assert.doesNotMatch(list.text, /hidden|pin|gone/)
        const one = await call('GET', `${path}${asha.id}/?expand=orders,sales,labels,card`)
        assert.deepEqual(one.body.data, asha)
        const uncounted = await call('GET', `${path}?expand=orders,sales,labels,card&count=none`)
        assert.deepEqual(uncounted.body.data, list.body.data)
        const plain = await call('GET', `${path}${asha.id}/`)
        assert.deepEqual([plain.body.data.orders, plain.body.data.labels.length], [undefined, 2])
      })

      test(`stand beside chosen fields, and are refused where there are none (${resource})`, async () => {
        const call = await fill(newId())
        for (const query of ['?fields=name&expand=card', '?fields=card,name&expand=card']) {
          assert.deepEqual((await call('GET', `${path}${query}`)).body.data[0], {
            name: 'Asha',
            card: { number: 'C1' },
          })
        }
        const alone = await call('GET', `${path}?fields=orders&expand=orders`)
        assert.deepEqual(alone.body.data[1], { orders: [{ place: 7, amount: '12.50' }] })
        for (const query of [
          '?expand=order',
          '?expand=orders__buyer',
          '?fields=orders',
          '?orders=1',
          '?ordering=orders',
        ]) {
          assert.equal((await call('GET', path + query)).status, 400, query)
        }
        assert.deepEqual((await call('GET', `${path}?page=9&expand=orders`)).status, 404)
      })
    }

    test('take one statement each, whatever the page', async () => {
      const business = newId()
      const call = await fill(business)
      const counted = async (query: string): Promise<number> => {
        statements = 0
        assert.equal((await call('GET', `/api/shop/buyers/${query}`)).status, 200)
        return statements
      }
      const few = [await counted('?fields=id'), await counted('?fields=id&expand=orders,sales,labels,card')]
      const ctx = createContext(api.store, { actor: null, business, requestId: 'test' })
      const more = await ctx.query(Buyer).bulkCreate(Array.from({ length: 60 }, (_, at) => ({ name: `Dina ${at}` })))
      await ctx.query(Order).bulkCreate(more.map(({ id }) => ({ buyer: id, place: 1 })))
      const many = [
        await counted('?fields=id&page_size=80'),
        await counted('?fields=id&expand=orders,sales,labels,card&page_size=80'),
      ]
      assert.deepEqual(
        [few, many],
        [
          [1, 5],
          [1, 5],
        ],
      )
    })

    test('are the first hundred of each row in their order', async () => {
      const call = await fill(newId(), MAX_EXPANDED + 20)
      const { body } = await call('GET', '/api/shop/buyers/?expand=orders')
      const [asha, badr] = body.data
      const places = asha.orders.map(({ place }: { place: number }) => place)
      assert.deepEqual(
        places,
        Array.from({ length: MAX_EXPANDED }, (_, at) => at + 1),
      )
      assert.equal(badr.orders.length, 1)
    })

    test('are those of the same business', async () => {
      await fill(newId())
      const call = await fill(newId(), 1)
      const other = api.as({ business: newId() })
      const { body } = await call('GET', '/api/shop/buyers/?expand=orders,labels,card')
      assert.deepEqual([body.data[0].orders.length, body.data[0].labels.length], [1, 2])
      const [{ id }] = body.data
      const foreign = await other('GET', `/api/shop/buyers/${id}/?expand=orders`)
      const unknown = await other('GET', `/api/shop/buyers/${newId()}/?expand=orders`)
      assert.deepEqual([foreign.status, foreign.body.message], [unknown.status, unknown.body.message])
      assert.deepEqual((await other('GET', '/api/shop/buyers/?expand=orders,labels')).body.data, [])
      const back = await call('GET', '/api/shop/labels/?expand=buyers')
      assert.deepEqual(back.body.data, [
        { name: 'big', buyers: [{ name: 'Asha' }] },
        { name: 'new', buyers: [{ name: 'Asha' }, { name: 'Badr' }] },
      ])
    })
  })
}

describe('what cannot be expanded', () => {
  const [source] = testStores(MODELS)
  const started = async (set: Parameters<typeof viewset<typeof Buyer>>[1]): Promise<void> => {
    const stage = await source?.create()
    assert.ok(stage)
    try {
      endpointsOf([router('shop', { buyers: viewset(Buyer, set) })], {
        store: stage.store,
        limits: { pageSize: 50, maxPageSize: 200 },
      })
    } finally {
      await stage.drop()
    }
  }

  test('is refused at the start', async () => {
    await assert.rejects(started({ expand: { sails: OrderShown } }), /has no field "sails"/)
    await assert.rejects(started({ expand: { orders: LabelShown } }), /orders leads to shop.Order: LabelShown does not/)
    const withIds = serializer(Buyer, { fields })
    await assert.rejects(started({ expand: { orders: withIds } }), /cannot show labels/)
    const taken = serializer(Buyer, { fields: ['id'], computed: { orders: computed(integer(), () => 1) } })
    await assert.rejects(started({ serializer: taken, expand: { orders: OrderShown } }), /has a member orders/)
  })
})
