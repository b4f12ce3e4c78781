import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { foreignKey, integer, oneToOne, text } from '../fields/index.ts'
import { type ManyRelated, manyToMany, model, type OneRelated } from '../models/index.ts'
import { count, sum } from './aggregate.ts'
import type { Context } from './context.ts'

const Region = model('load.Region', { scope: 'business', fields: { name: text() } })
const Label = model('load.Label', { scope: 'business', fields: { name: text() }, ordering: ['name'] })
const Shop = model('load.Shop', {
  scope: 'business',
  fields: {
    name: text(),
    region: foreignKey(() => Region, { onDelete: 'protect', relatedName: 'shops' }).optional(),
    labels: manyToMany(() => Label, { relatedName: 'shops' }),
  },
  ordering: ['name'],
})
const Licence = model('load.Licence', {
  scope: 'business',
  fields: { shop: oneToOne(() => Shop, { onDelete: 'cascade', relatedName: 'licence' }), number: text() },
})
const Sale = model('load.Sale', {
  scope: 'business',
  id: 'bigint',
  fields: { shop: foreignKey(() => Shop, { onDelete: 'cascade', relatedName: 'sales' }), amount: integer() },
  ordering: ['-amount'],
})
const Item = model('load.Item', {
  scope: 'business',
  fields: { sale: foreignKey(() => Sale, { onDelete: 'cascade', relatedName: 'items' }), name: text() },
  ordering: ['name'],
})

declare module '../models/related-names.ts' {
  interface RelatedNames {
    'load.Region': { readonly shops: ManyRelated<typeof Shop> }
    'load.Label': { readonly shops: ManyRelated<typeof Shop> }
    'load.Shop': { readonly licence: OneRelated<typeof Licence>; readonly sales: ManyRelated<typeof Sale> }
    'load.Sale': { readonly items: ManyRelated<typeof Item> }
  }
}

for (const source of testStores([Region, Label, Shop, Licence, Sale, Item])) {
  describe(`rows loaded along on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    let statements = 0
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
      const execute = stage.database.execute.bind(stage.database)
      stage.database.execute = (...given) => {
        statements += 1
        return execute(...given)
      }
      await fill(acme, 3)
    })
    after(() => stage.drop())

    async function fill(ctx: Context, shops: number): Promise<void> {
      const regions = await ctx.query(Region).bulkCreate([{ name: 'North' }, { name: 'South' }])
      const labels = await ctx.query(Label).bulkCreate([{ name: 'new' }, { name: 'big' }, { name: 'gone' }])
      const made = await ctx.query(Shop).bulkCreate(
        Array.from({ length: shops }, (_, at) => ({
          name: `s${at}`,
          region: at === 2 ? null : (regions[at % 2]?.id ?? null),
        })),
      )
      const [first, second] = made
      assert.ok(first && second)
      await ctx.query(Licence).create({ shop: first.id, number: 'L1' })
      const sales = await ctx.query(Sale).bulkCreate([
        { shop: first.id, amount: 1 },
        { shop: first.id, amount: 5 },
        { shop: second.id, amount: 3 },
        { shop: second.id, amount: 9 },
      ])
      await ctx.query(Sale).filter({ amount: 9 }).delete()
      await ctx.query(Item).bulkCreate(sales.slice(0, 2).map(({ id }, at) => ({ sale: id, name: `i${at}` })))
      const between = stage.store.registry.relation(Shop, 'labels')?.through?.model
      assert.ok(between)
      const pairs = labels.flatMap(({ id }) => [
        { shop: first.id, label: id },
        ...(id === labels[0]?.id ? [{ shop: second.id, label: id }] : []),
      ])
      await ctx.query(between).bulkCreate(pairs as never)
      await ctx.query(Label).filter({ name: 'gone' }).delete()
    }

    test('stand where their relation is named, in the order of their model, without those in the bin', async () => {
      const [first, second, third] = await acme.query(Shop).with('region', 'sales', 'labels', 'licence').all()
      assert.ok(first && second && third)
      assert.deepEqual([first.region?.name, second.region?.name, third.region], ['North', 'South', null])
      const amounts = [first, second, third].map(({ sales }) => sales.map(({ amount }) => amount))
      assert.deepEqual(amounts, [[5, 1], [3], []])
      const labels = [first, second, third].map((shop) => shop.labels.map(({ name }) => name))
      assert.deepEqual(labels, [['big', 'new'], ['new'], []])
      assert.deepEqual([first.licence?.number, second.licence], ['L1', null])
    })

    test('are loaded along steps of both directions', async () => {
      const [first] = await acme.query(Shop).with('sales__items', 'region__shops', 'labels__shops').all()
      assert.deepEqual(
        first?.sales.map(({ items }) => items.map(({ name }) => name)),
        [['i1'], ['i0']],
      )
      assert.deepEqual(
        first?.region?.shops.map(({ name }) => name),
        ['s0'],
      )
      assert.deepEqual(
        first?.labels.map(({ shops }) => shops.map(({ name }) => name)),
        [['s0'], ['s0', 's1']],
      )
      const [item] = await acme.query(Item).filter({ name: 'i0' }).with('sale__shop').all()
      assert.equal(item?.sale.shop.name, 's0')
      const [sale] = await acme.query(Sale).filter({ amount: 5 }).with('shop__licence').all()
      assert.equal(sale?.shop.licence?.number, 'L1')
    })

    test('take as many statements as there are relations, whatever the number of rows', async () => {
      const counted = async (ctx: Context): Promise<number> => {
        statements = 0
        const rows = await ctx.query(Shop).with('region', 'sales__items', 'labels', 'licence', 'region__shops').all()
        assert.ok(rows.length > 0)
        return statements
      }
      const many = stage.context(newId())
      await fill(many, 200)
      assert.deepEqual([await counted(acme), await counted(many)], [6, 6])
      statements = 0
      await many.query(Shop).with('region').all()
      assert.equal(statements, 1)
    })

    test('come with a page, with one row, and chunk by chunk', async () => {
      const page = await acme.query(Shop).with('sales').page({ number: 1, size: 1 })
      assert.deepEqual([page.count, page.rows[0]?.sales.length], [3, 2])
      assert.equal((await acme.query(Shop).with('labels').get({ name: 's1' })).labels.length, 1)
      const lengths: number[] = []
      for await (const shop of acme.query(Shop).with('sales').iterate({ size: 2 })) lengths.push(shop.sales.length)
      assert.deepEqual(lengths, [2, 1, 0])
    })

    test('are those of the same business', async () => {
      const other = stage.context(newId())
      const own = await other.query(Shop).create({ name: 'own' })
      const [found] = await other.query(Shop).with('sales', 'labels').all()
      assert.deepEqual([found?.id, found?.sales, found?.labels], [own.id, [], []])
      const [narrowed] = await other
        .query(Shop)
        .with({ sales: (query) => query.withDeleted(), labels: (query) => query.withDeleted() })
        .all()
      assert.deepEqual([narrowed?.sales, narrowed?.labels], [[], []])
    })

    test('are only those that a relation is narrowed to, in an order of their own', async () => {
      const [first, second] = await acme
        .query(Shop)
        .with({ sales: (query) => query.filter({ amount__gte: 2 }).orderBy('amount') })
        .with({ labels: (query) => query.exclude({ name: 'big' }).search('ne', ['name']) })
        .all()
      assert.deepEqual(
        [first, second].map((shop) => shop?.sales.map(({ amount }) => amount)),
        [[5], [3]],
      )
      assert.deepEqual(
        [first, second].map((shop) => shop?.labels.map(({ name }) => name)),
        [['new'], ['new']],
      )
      const [upwards] = await acme
        .query(Shop)
        .with({ sales: (query) => query.orderBy('amount') })
        .all()
      assert.deepEqual(
        upwards?.sales.map(({ amount }) => amount),
        [1, 5],
      )
      const [labelled] = await acme
        .query(Shop)
        .with({ labels: (query) => query.orderBy('-name') })
        .all()
      assert.deepEqual(
        labelled?.labels.map(({ name }) => name),
        ['new', 'big'],
      )
      const either = await acme
        .query(Shop)
        .with({ sales: (query) => query.filter({ amount: 1 }).union(query.filter({ items__name: 'i1' })) })
        .first()
      assert.deepEqual(
        either?.sales.map(({ amount }) => amount),
        [5, 1],
      )
      const [licensed, bare] = await acme
        .query(Shop)
        .with({ licence: (query) => query.filter({ number: 'L9' }) })
        .all()
      assert.deepEqual([licensed?.licence, bare?.licence], [null, null])
    })

    test('reach into the bin where their own query does', async () => {
      const [first, second] = await acme
        .query(Shop)
        .with({ sales: (query) => query.withDeleted(), labels: (query) => query.onlyDeleted() })
        .all()
      assert.deepEqual(
        second?.sales.map(({ amount, is_deleted }) => [amount, is_deleted]),
        [
          [9, true],
          [3, false],
        ],
      )
      assert.deepEqual(
        first?.labels.map(({ name }) => name),
        ['gone'],
      )
    })

    test('are narrowed at every step, in as many statements', async () => {
      statements = 0
      const [first] = await acme
        .query(Shop)
        .with({
          sales: (query) => query.with('shop').with({ items: (items) => items.filter({ name: 'i1' }) }),
          labels: (query) => query.with({ shops: (shops) => shops.orderBy('-name') }),
        })
        .all()
      assert.equal(statements, 5)
      assert.deepEqual(
        first?.sales.map(({ items, shop }) => [shop.name, items.map(({ name }) => name)]),
        [
          ['s0', ['i1']],
          ['s0', []],
        ],
      )
      assert.deepEqual(
        first?.labels.map(({ shops }) => shops.map(({ name }) => name)),
        [['s0'], ['s1', 's0']],
      )
      const [deeper] = await acme
        .query(Shop)
        .with({ sales: (query) => query.orderBy('amount') })
        .with('sales__items')
        .all()
      assert.deepEqual(
        deeper?.sales.map(({ items }) => items.map(({ name }) => name)),
        [['i0'], ['i1']],
      )
    })

    test('stand beside what rows are annotated with', async () => {
      const shops = acme
        .query(Shop)
        .with('labels', 'region')
        .with({ sales: (query) => query.filter({ amount: 5 }) })
        .annotate({ total: sum('sales__amount') })
        .orderBy('-total')
      const [first, second] = await shops.all()
      assert.deepEqual([first?.name, first?.total, first?.region?.name], ['s0', 6, 'North'])
      assert.deepEqual([first?.sales.map(({ amount }) => amount), first?.labels.length], [[5], 2])
      assert.deepEqual([second?.sales, second?.labels.length], [[], 1])
      assert.equal((await shops.page({ number: 2, size: 1 })).rows[0]?.labels[0]?.name, 'new')
      const lengths: number[] = []
      for await (const { labels } of shops.orderBy('name').iterate({ size: 2 })) lengths.push(labels.length)
      assert.deepEqual(lengths, [2, 1, 0])
    })

    test('a narrowing that gives no query back, or another, is refused', async () => {
      const shops = acme.query(Shop)
      // @ts-expect-error sales have no field amout
      assert.throws(() => shops.with({ sales: (query) => query.filter({ amout: 1 }) }), /has no field "amout"/)
      // @ts-expect-error there is no relation sails
      assert.throws(() => shops.with({ sails: (query: unknown) => query }), /no relation of that name/)
      // @ts-expect-error a name leads nowhere
      assert.throws(() => shops.with({ name: (query: unknown) => query }), /no relation of that name/)
      assert.throws(
        // @ts-expect-error a foreign key leads to one row
        () => shops.with({ region: (query: unknown) => query }),
        /leads to one row. Load it by with\('region'\)/,
      )
      // @ts-expect-error the first sales of each shop cannot be counted off
      assert.throws(() => shops.with({ sales: (query) => query.filter({ amount: 1 }).all() }), /cannot be counted off/)
      assert.throws(
        // @ts-expect-error labels are no sales
        () => shops.with({ sales: () => acme.query(Label) }),
        /give back the query that the function is given/,
      )
      const other = stage.context(newId())
      assert.throws(() => shops.with({ sales: () => other.query(Sale) }), /give back the query/)
      assert.throws(() => shops.with('sales').with({ sales: (query) => query }), /loaded along already/)
      await acme.transaction(async (tx) => {
        const held = tx.query(Shop)
        assert.throws(() => held.with({ sales: (query) => query.forUpdate() }), /forUpdate\(\) holds/)
      })
    })

    test('what is no relation is refused', async () => {
      // @ts-expect-error there is no relation sails
      await assert.rejects(acme.query(Shop).with('sails').all(), /no relation of that name. It has: .*sales/)
      // @ts-expect-error a name leads nowhere
      await assert.rejects(acme.query(Shop).with('name').all(), /Cannot load "name" along/)
      // @ts-expect-error sales have no relation tags
      await assert.rejects(acme.query(Shop).with('sales__tags').all(), /Cannot load "tags" along/)
      // @ts-expect-error sales are many: there is no order by them
      const bySales = () => acme.query(Shop).orderBy('sales__id').all()
      await assert.rejects(bySales, /Cannot follow "sales__id": .* without a column/)
      assert.throws(
        () =>
          acme
            .query(Shop)
            .with('sales')
            .annotate({ sales: count('sales') }),
        /the rows loaded along have that name/,
      )
    })
  })
}
