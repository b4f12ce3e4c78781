import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../base/index.ts'
import { foreignKey, manyToMany, model, text } from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { computed, router, serializer, viewset } from './index.ts'

const Label = model('shop.Label', { scope: 'business', fields: { name: text() } })
const Product = model('shop.Product', {
  scope: 'business',
  fields: { name: text({ unique: true }), labels: manyToMany(() => Label, { relatedName: 'products' }) },
})
const Person = model('shop.Person', { scope: 'business', fields: { name: text(), friends: manyToMany('self') } })
const fields = ['id', 'labels', 'name'] as const
const Products = viewset(Product, { serializer: serializer(Product, { fields }) })
const Shouted = viewset(Product, {
  serializer: serializer(Product, {
    name: 'ShoutedProduct',
    fields,
    computed: { loud: computed(text(), ({ name }) => name.toUpperCase()) },
  }),
  performCreate: (values, { ctx }) => ctx.query(Product).create(values),
  performUpdate: (row, values, { ctx }) => ctx.query(Product).filter({ id: row.id }).update(values),
})
const People = viewset(Person, { serializer: serializer(Person, { fields: ['id', 'name', 'friends'] }) })
const ROUTERS = [router('shop', { labels: viewset(Label), products: Products, shouted: Shouted, people: People })]

for (const source of testApis([Label, Product, Person], ROUTERS)) {
  describe(`a many-to-many field of an API on ${source.name}`, () => {
    let api: ThrowawayApi
    let call: Caller
    let labels: string[]
    before(async () => {
      api = await source.create()
    })
    after(() => api.drop())
    const begin = async (): Promise<void> => {
      call = api.as({ business: newId() })
      labels = []
      for (const name of ['a', 'b', 'c']) {
        labels.push((await call('POST', '/api/shop/labels/', { body: { name } })).body.data.id)
      }
    }

    test('shows a relation that holds both ways on both rows', async () => {
      await begin()
      const make = async (body: object): Promise<string> =>
        (await call('POST', '/api/shop/people/', { body })).body.data.id
      const asha = await make({ name: 'Asha' })
      const ben = await make({ name: 'Ben', friends: [asha] })
      const friends = async (id: string) => (await call('GET', `/api/shop/people/${id}/`)).body.data.friends
      assert.deepEqual([await friends(asha), await friends(ben)], [[ben], [asha]])
      assert.equal((await call('PATCH', `/api/shop/people/${asha}/`, { body: { friends: [] } })).status, 200)
      assert.deepEqual([await friends(asha), await friends(ben)], [[], []])
    })

    for (const resource of ['products', 'shouted']) {
      const path = `/api/shop/${resource}/`
      test(`shows ids and takes them as all there are, with the row or not at all (${resource})`, async () => {
        await begin()
        const [a = '', b = '', c = ''] = labels
        const made = await call('POST', path, { body: { name: 'One', labels: [b, a, b] } })
        assert.equal(made.status, 201, made.text)
        assert.deepEqual(made.body.data.labels, [a, b])
        const { id } = made.body.data
        const none = await call('POST', path, { body: { name: 'Two' } })
        assert.deepEqual(none.body.data.labels, [])
        assert.deepEqual((await call('PATCH', `${path}${id}/`, { body: { labels: [c] } })).body.data.labels, [c])
        assert.deepEqual((await call('PATCH', `${path}${id}/`, { body: { name: 'Uno' } })).body.data.labels, [c])
        assert.deepEqual(
          (await call('PUT', `${path}${id}/`, { body: { name: 'One', labels: [] } })).body.data.labels,
          [],
        )
        assert.deepEqual((await call('PATCH', `${path}${id}/`, { body: { labels: [a, c] } })).body.data.labels, [a, c])
        const list = await call('GET', `${path}?ordering=name`)
        assert.deepEqual(
          list.body.data.map((row: { labels: string[] }) => row.labels),
          [[a, c], []],
        )
        assert.deepEqual(Object.keys((await call('GET', `${path}${id}/?fields=labels`)).body.data), ['labels'])
        await call('DELETE', `/api/shop/labels/${a}/`)
        assert.deepEqual((await call('GET', `${path}${id}/`)).body.data.labels, [c])
      })

      test(`refuses ids that lead nowhere in the same words, and writes nothing (${resource})`, async () => {
        await begin()
        const other = api.as({ business: newId() })
        const foreign = (await other('POST', '/api/shop/labels/', { body: { name: 'x' } })).body.data.id
        for (const id of [foreign, newId()]) {
          const reply = await call('POST', path, { body: { name: 'Fresh', labels: [id] } })
          assert.equal(reply.status, 400)
          assert.deepEqual(reply.body.errors, { labels: [`Invalid pk "${id}" - object does not exist.`] })
        }
        assert.equal((await call('GET', path)).body.meta.pagination.count, 0)
        for (const bad of ['x', [1], [null], {}, null, [['x']]]) {
          const reply = await call('POST', path, { body: { name: 'Fresh', labels: bad } })
          assert.deepEqual([reply.status, Object.keys(reply.body.errors)], [400, ['labels']])
        }
      })
    }
  })
}

test('a serializer within another cannot show a many-to-many field', () => {
  const Review = model('shop.Review', {
    scope: 'business',
    fields: { product: foreignKey(() => Product, { onDelete: 'cascade' }) },
  })
  const nested = { product: serializer(Product, { fields }) }
  assert.throws(
    () => serializer(Review, { nested }),
    /Product is shown within another, as product: it cannot show labels/,
  )
})

test('it is documented as a list of ids that may be left out', () => {
  const labels = serializer(Product, { fields }).members.find(({ name }) => name === 'labels')
  assert.ok(labels?.type === 'field')
  assert.equal(labels.isRequired, false)
  assert.deepEqual(labels.kind.schema, {
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    uniqueItems: true,
    maxItems: 1000,
  })
})
