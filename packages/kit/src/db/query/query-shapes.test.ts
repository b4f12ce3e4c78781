import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import {
  bigInteger,
  choice,
  datetime,
  decimal,
  duration,
  float,
  foreignKey,
  integer,
  type RelationTarget,
  text,
} from '../fields/index.ts'
import { type AnyModel, type ManyRelated, manyToMany, model, q } from '../models/index.ts'
import { avg, count, max, min, sum } from './aggregate.ts'
import type { Context } from './context.ts'

const Region = model('sale.Region', { scope: 'business', fields: { name: text() } })
const Label = model('sale.Label', { scope: 'business', fields: { name: text() } })
const Buyer = model('sale.Buyer', {
  scope: 'business',
  fields: {
    name: text(),
    status: choice(['lead', 'active']).default('lead'),
    region: foreignKey(() => Region, { onDelete: 'cascade', relatedName: 'buyers' }).optional(),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    visits: integer().optional(),
    huge: bigInteger().default(0n),
    score: float().optional(),
    waited: duration().optional(),
    labels: manyToMany(() => Label, { through: (): RelationTarget => BuyerLabel, relatedName: 'buyers' }),
  },
  ordering: ['name'],
})
const BuyerLabel = model('sale.BuyerLabel', {
  scope: 'business',
  fields: {
    buyer: foreignKey((): AnyModel => Buyer, { onDelete: 'cascade', relatedName: false }),
    label: foreignKey(() => Label, { onDelete: 'cascade', relatedName: false }),
  },
})
const Order = model('sale.Order', {
  scope: 'business',
  fields: {
    buyer: foreignKey(() => Buyer, { onDelete: 'cascade', relatedName: 'orders' }),
    status: choice(['open', 'paid']).default('open'),
    amount: decimal({ digits: 12, places: 2 }),
    placed_at: datetime().optional(),
  },
})
const Line = model('sale.Line', {
  scope: 'business',
  softDelete: false,
  fields: { order: foreignKey(() => Order, { onDelete: 'cascade', relatedName: 'lines' }), pieces: integer() },
})

declare module '../models/related-names.ts' {
  interface RelatedNames {
    'sale.Region': { readonly buyers: ManyRelated<typeof Buyer> }
    'sale.Buyer': { readonly orders: ManyRelated<typeof Order> }
    'sale.Order': { readonly lines: ManyRelated<typeof Line> }
  }
}

async function gathered<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

for (const source of testStores([Region, Label, Buyer, BuyerLabel, Order, Line])) {
  describe(`shapes of queries on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
      const north = await acme.query(Region).create({ name: 'North' })
      const [ann, bob] = await acme.query(Buyer).bulkCreate([
        {
          name: 'Ann',
          status: 'active',
          region: north.id,
          credit: '0.10',
          visits: 2,
          huge: 2n ** 63n - 1n,
          score: 0.5,
          waited: '00:00:01',
        },
        {
          name: 'Bob',
          status: 'active',
          region: north.id,
          credit: '0.20',
          visits: 5,
          huge: 2n ** 63n - 1n,
          waited: '00:00:02',
        },
        { name: 'Cid', credit: '-3', visits: 2 },
        { name: 'Dee', credit: '999.99' },
        { name: 'Gone', credit: '7777' },
      ])
      await acme.query(Buyer).filter({ name: 'Gone' }).delete()
      const [first, second] = await acme.query(Order).bulkCreate([
        { buyer: ann?.id ?? '', status: 'paid', amount: '10.10', placed_at: new Date('2026-01-01T00:00:00Z') },
        { buyer: ann?.id ?? '', amount: '20.20', placed_at: new Date('2026-02-01T10:00:00Z') },
        { buyer: bob?.id ?? '', status: 'paid', amount: '5' },
        { buyer: bob?.id ?? '', status: 'paid', amount: '500' },
      ])
      await acme.query(Order).filter({ amount: '500' }).delete()
      await acme.query(Line).bulkCreate([
        { order: first?.id ?? '', pieces: 1 },
        { order: first?.id ?? '', pieces: 2 },
        { order: second?.id ?? '', pieces: 4 },
      ])
      const labels = await acme.query(Label).bulkCreate(['vip', 'new', 'late'].map((name) => ({ name })))
      await acme.query(BuyerLabel).bulkCreate(labels.map(({ id }) => ({ buyer: ann?.id ?? '', label: id })))
      const globex = stage.context(newId())
      const theirs = await globex.query(Buyer).create({ name: 'Theirs', credit: '1000000', visits: 99 })
      await globex.query(Order).create({ buyer: theirs.id, amount: '777' })
    })
    after(() => stage.drop())
    const buyers = () => acme.query(Buyer)

    test('chosen values come by their names, as lists or alone', async () => {
      assert.deepEqual(await buyers().select('name', 'credit').orderBy('-credit').first(), {
        name: 'Dee',
        credit: '999.99',
      })
      assert.deepEqual(await buyers().filter({ visits: 2 }).values('name', 'region__name').all(), [
        { name: 'Ann', region__name: 'North' },
        { name: 'Cid', region__name: null },
      ])
      const pairs: (readonly [string, number | null])[] = await buyers()
        .valuesList('name', 'visits')
        .orderBy('-visits', 'name')
        .all()
      assert.deepEqual(pairs, [
        ['Bob', 5],
        ['Ann', 2],
        ['Cid', 2],
        ['Dee', null],
      ])
      const statuses: ('lead' | 'active')[] = await buyers().pluck('status').distinct().all()
      assert.deepEqual(statuses, ['active', 'lead'])
      assert.deepEqual(await buyers().valuesList('region__name', 'status').distinct().orderBy('-region__name').all(), [
        ['North', 'active'],
        [null, 'lead'],
      ])
      assert.equal(await buyers().pluck('status').distinct().count(), 2)
      const page = await buyers().pluck('name').orderBy('name').page({ number: 2, size: 3 })
      assert.deepEqual([page.rows, page.count, page.totalPages], [['Dee'], 4, 2])
      assert.throws(() => buyers().pluck('status').distinct().orderBy('name'), /Cannot sort by name/)
    })

    test('all rows give exact sums, counts, means and bounds', async () => {
      const worked = await buyers().aggregate({
        n: count(),
        visited: count('visits'),
        kinds: count('visits', { distinct: true }),
        active: count({ where: { status: 'active' } }),
        credit: sum('credit'),
        activeCredit: sum('credit', { where: { status: 'active' } }),
        visits: sum('visits'),
        huge: sum('huge'),
        score: sum('score'),
        waited: sum('waited'),
        meanCredit: avg('credit'),
        meanVisits: avg('visits'),
        meanWaited: avg('waited'),
        least: min('credit'),
        last: max('name'),
        first: min('created_at'),
      })
      assert.ok(worked.first instanceof Date)
      assert.deepEqual(
        { ...worked, first: null },
        {
          n: 4,
          visited: 3,
          kinds: 2,
          active: 2,
          credit: '997.29',
          activeCredit: '0.30',
          visits: 9,
          huge: 2n ** 64n - 2n,
          score: 0.5,
          waited: '00:00:03',
          meanCredit: '249.322500',
          meanVisits: 3,
          meanWaited: '00:00:01.500000',
          least: '-3.00',
          last: 'Dee',
          first: null,
        },
      )
    })

    test('no rows give zero or null', async () => {
      const none = await buyers()
        .none()
        .aggregate({
          n: count(),
          credit: sum('credit'),
          mean: avg('visits'),
          last: max('created_at'),
          orders: count('orders'),
          amount: sum('orders__amount'),
        })
      assert.deepEqual(none, { n: 0, credit: null, mean: null, last: null, orders: 0, amount: null })
    })

    test('rows are annotated by their relations, which do not multiply each other', async () => {
      const rows = await buyers()
        .with('region')
        .annotate({
          orders: count('orders'),
          labelled: count('labels'),
          paid: count('orders', { where: { status: 'paid' } }),
          spent: sum('orders__amount'),
          mean: avg('orders__amount'),
          last: max('orders__placed_at'),
          pieces: sum('orders__lines__pieces'),
          lines: count('orders__lines'),
          neighbours: count('region__buyers'),
        })
        .orderBy('name')
        .all()
      const told = rows.map(({ name, region, ...row }) => [
        name,
        region?.name ?? null,
        row.orders,
        row.labelled,
        row.paid,
        row.spent,
        row.mean,
        row.last,
        row.pieces,
        row.lines,
        row.neighbours,
      ])
      assert.deepEqual(told, [
        ['Ann', 'North', 2, 3, 1, '30.30', '15.150000', new Date('2026-02-01T10:00:00Z'), 7, 3, 2],
        ['Bob', 'North', 1, 0, 1, '5.00', '5.000000', null, null, 0, 2],
        ['Cid', null, 0, 0, 0, null, null, null, null, 0, 0],
        ['Dee', null, 0, 0, 0, null, null, null, null, 0, 0],
      ])
    })

    test('rows are kept and sorted by their annotations', async () => {
      const query = buyers().annotate({
        orders: count('orders'),
        spent: sum('orders__amount'),
        mean: avg('orders__amount'),
        last: max('orders__placed_at'),
      })
      const names = async (shaped: typeof query) => (await shaped.all()).map(({ name }) => name).join()
      assert.equal(await names(query.having({ orders__gte: 1 }).orderBy('spent')), 'Bob,Ann')
      assert.equal(await names(query.orderBy('-spent', 'name')), 'Ann,Bob,Cid,Dee')
      assert.equal(await names(query.orderBy('spent', '-name')), 'Dee,Cid,Bob,Ann')
      assert.equal(await names(query.having({ spent__gt: '30.299' }).orderBy('name')), 'Ann')
      assert.equal(await names(query.having({ spent: '30.3' }).orderBy('name')), 'Ann')
      assert.equal(await names(query.having({ mean__lt: 6 }).orderBy('-mean')), 'Bob')
      assert.equal(await names(query.having({ spent__isnull: true, orders: 0 }).orderBy('name')), 'Cid,Dee')
      assert.equal(await names(query.having({ last__gt: new Date('2026-01-15T00:00:00Z') }).orderBy('name')), 'Ann')
      assert.equal(await query.having({ orders__gte: 1 }).count(), 2)
      const page = await query.orderBy('-orders', 'name').page({ number: 2, size: 2 })
      assert.deepEqual([page.rows.map(({ name }) => name), page.count], [['Cid', 'Dee'], 4])
      assert.throws(
        () => query.having({ orders__gt: 'many' as never }),
        (error) => error instanceof ApiError && error.code === 'validation_failed',
      )
    })

    test('annotations are compared with lists and ranges, and by alternatives', async () => {
      const query = buyers().annotate({
        orders: count('orders'),
        paid: count('orders', { where: { status: 'paid' } }),
        open: count('orders', { where: { status: 'open' } }),
        spent: sum('orders__amount'),
        last: max('orders__placed_at'),
      })
      const names = async (shaped: typeof query) => (await shaped.all()).map(({ name }) => name).join()
      assert.equal(await names(query.having({ orders__in: [0, 2, 7] })), 'Ann,Cid,Dee')
      assert.equal(await names(query.having({ orders__in: [] })), '')
      assert.equal(await names(query.having({ orders__range: [1, 2] })), 'Ann,Bob')
      assert.equal(await names(query.having({ spent__in: ['5', '30.30'] })), 'Ann,Bob')
      assert.equal(await names(query.having({ spent__range: ['4.999', '5.001'] })), 'Bob')
      assert.equal(await names(query.having({ last__in: [new Date('2026-02-01T10:00:00Z')] })), 'Ann')
      assert.equal(await names(query.having({ last__range: ['2026-01-01T00:00:00Z', '2026-01-31T00:00:00Z'] })), '')
      assert.equal(
        await names(query.having(q.or({ orders: 0, spent__isnull: true }, { spent__gt: 20 }))),
        'Ann,Cid,Dee',
      )
      assert.equal(await names(query.having(q.not({ spent__lt: 10 }))), 'Ann,Cid,Dee')
      assert.equal(await names(query.having(q.not(q.or({ orders: 2 }, { spent: null }))).orderBy('-paid')), 'Bob')
      assert.equal(await names(query.having({ paid: 1, open: 0 })), 'Bob')
      assert.equal(await query.having(q.or({ orders: 1 }, { orders: 2 })).count(), 2)
      const groups = buyers()
        .groupBy('status')
        .annotate({ n: count(), credit: sum('credit') })
      const statuses = async (shaped: typeof groups) => (await shaped.all()).map(({ status }) => status).join()
      assert.equal(await statuses(groups.having({ credit__range: ['0.3', '996.98'] })), 'active')
      assert.equal(await statuses(groups.having(q.not({ credit__in: ['0.30'] }))), 'lead')
      assert.equal(await statuses(groups.having(q.or({ n__gt: 2 }, { credit__gt: '900' }))), 'lead')
    })

    test('aggregates that differ only in the values of their filters are told apart', async () => {
      const query = buyers().annotate({
        paid: count('orders', { where: { status: 'paid' } }),
        open: count('orders', { where: { status: 'open' } }),
      })
      assert.equal(await query.having({ paid__gte: 1 }).count(), 2)
      assert.equal(await query.having({ open__gte: 1 }).count(), 1)
    })

    test('a comparison that cannot be made is refused', () => {
      const counted = buyers().annotate({ n: count('orders'), spent: sum('orders__amount') })
      const isRefused = (error: unknown) => error instanceof ApiError && error.code === 'validation_failed'
      for (const wanted of [
        { n__in: 3 },
        { n__range: [1] },
        { n__in: Array.from({ length: 1001 }, (_, at) => at) },
        { n__in: [1, 'many'] },
        { n__gt: null },
        { n__isnull: 'yes' },
        { spent__range: ['1', null] },
      ]) {
        assert.throws(() => counted.having(wanted as never), isRefused, JSON.stringify(wanted).slice(0, 40))
      }
      // @ts-expect-error there is no lookup constructor
      assert.throws(() => counted.having({ n__constructor: 1 }), /no aggregate n__constructor/)
      // @ts-expect-error there is no annotation m
      assert.throws(() => counted.having(q.or({ m: 1 })), /no aggregate m/)
      // @ts-expect-error one value is no list
      assert.throws(() => counted.having({ n__in: 3 }), isRefused)
    })

    test('groups have their values, are kept by them and sorted by them', async () => {
      const groups = buyers()
        .groupBy('status')
        .annotate({
          n: count(),
          credit: sum('credit'),
          spent: sum('orders__amount'),
          orders: count('orders'),
          lines: count('orders__lines'),
          best: max('orders__amount'),
        })
      assert.deepEqual(await groups.all(), [
        { status: 'active', n: 2, credit: '0.30', spent: '35.30', orders: 3, lines: 3, best: '20.20' },
        { status: 'lead', n: 2, credit: '996.99', spent: null, orders: 0, lines: 0, best: null },
      ])
      assert.deepEqual(
        (await groups.orderBy('-credit').all()).map(({ status }) => status),
        ['lead', 'active'],
      )
      assert.deepEqual(
        (await groups.having({ orders__gt: 0 }).all()).map(({ status }) => status),
        ['active'],
      )
      assert.deepEqual(
        (await groups.having({ credit__lt: '1', n: 2 }).all()).map(({ status }) => status),
        ['active'],
      )
      assert.equal(await groups.count(), 2)
      const regions = await buyers()
        .groupBy('region__name', 'status')
        .annotate({ mean: avg('credit') })
        .having({ mean__gt: '0.1' })
        .orderBy('-mean')
        .all()
      assert.deepEqual(regions, [
        { region__name: null, status: 'lead', mean: '498.495000' },
        { region__name: 'North', status: 'active', mean: '0.150000' },
      ])
    })

    test('chosen values and annotated rows are read in chunks, in any order of fields', async () => {
      const chosen = buyers().values('name', 'visits', 'created_at__year')
      for (const sorted of [
        chosen,
        chosen.orderBy('-visits'),
        chosen.orderBy('region__name', 'name'),
        chosen.orderBy('-created_at__year', 'visits'),
      ]) {
        const expected = await sorted.all()
        for (const size of [1, 2, 3, 100]) assert.deepEqual(await gathered(sorted.iterate({ size })), expected)
      }
      const counted = buyers()
        .with('region')
        .annotate({ orders: count('orders', { where: { status: 'paid' } }), spent: sum('orders__amount') })
        .having({ orders__gte: 1 })
        .orderBy('-visits')
      assert.deepEqual(await gathered(counted.iterate({ size: 1 })), await counted.all())
      const names: string[] = await gathered(buyers().pluck('name').iterate({ size: 3 }))
      assert.deepEqual(names, ['Ann', 'Bob', 'Cid', 'Dee'])
      const pairs = buyers().orderBy('-credit').valuesList('name', 'region__name')
      assert.deepEqual(await gathered(pairs.iterate({ size: 2 })), await pairs.all())
      assert.deepEqual(
        await gathered(buyers().select('id', 'name').iterate()),
        await buyers().select('id', 'name').all(),
      )
    })

    test('what has no row to go on from is not read in chunks', () => {
      const groups = buyers().groupBy('status').annotate({ n: count() })
      assert.throws(() => groups.iterate(), /Cannot iterate\(\) over groups/)
      assert.throws(() => buyers().pluck('status').distinct().iterate(), /Cannot iterate\(\) over distinct values/)
      const counted = buyers().annotate({ orders: count('orders') })
      assert.throws(() => counted.orderBy('-orders').iterate(), /Cannot iterate\(\) in the order of orders/)
      assert.throws(() => counted.iterate({ size: 0.5 }), RangeError)
    })

    test('rows that are held while their values are read are held', async () => {
      await acme.transaction(async (tx) => {
        const held = tx.query(Buyer).filter({ name: 'Ann' }).forUpdate()
        assert.deepEqual(await held.pluck('name').all(), ['Ann'])
        assert.deepEqual((await held.annotate({ orders: count('orders') }).all()).length, 1)
        if (source.name !== 'sqlite') {
          const others = acme.transaction((other) =>
            other.query(Buyer).forUpdate({ skipLocked: true }).pluck('name').all(),
          )
          assert.deepEqual(await others, ['Bob', 'Cid', 'Dee'])
        }
        assert.throws(() => held.groupBy('status').annotate({ n: count() }), /not groups/)
        assert.throws(() => held.pluck('name').distinct(), /not distinct values/)
        await assert.rejects(held.aggregate({ n: count() }), /not groups/)
      })
    })

    test('another business has no part in any of it', async () => {
      assert.deepEqual(
        await buyers().aggregate({
          n: count(),
          most: max('visits'),
          orders: count('orders'),
          amount: max('orders__amount'),
        }),
        { n: 4, most: 5, orders: 3, amount: '20.20' },
      )
      assert.equal((await buyers().pluck('name').distinct().all()).includes('Theirs'), false)
      const none = await stage
        .context(newId())
        .query(Buyer)
        .annotate({ orders: count('orders') })
        .all()
      assert.deepEqual(none, [])
      await assert.rejects(stage.context(null).query(Buyer).aggregate({ n: count() }), /acrossBusinesses/)
      const all = await acme.acrossBusinesses('a count', (ctx) => ctx.query(Buyer).aggregate({ n: count() }))
      assert.equal(all.n, 5)
    })

    test('what makes no sense does not compile, and is refused', async () => {
      // @ts-expect-error a text cannot be added up
      await assert.rejects(buyers().aggregate({ n: sum('name') }), /it is no number/)
      // @ts-expect-error a choice has no order
      await assert.rejects(buyers().aggregate({ n: max('status') }), /no order/)
      // @ts-expect-error there is no field credti
      await assert.rejects(buyers().aggregate({ n: sum('credti') }), /has no field "credti"/)
      // @ts-expect-error an order has no field nam
      await assert.rejects(buyers().aggregate({ n: count('orders', { where: { nam: 'x' } }) }), /has no field "nam"/)
      // @ts-expect-error the path of an annotation leads to other rows
      assert.throws(() => buyers().annotate({ n: sum('credit') }), /leads to no other rows/)
      assert.throws(() => buyers().annotate({ name: count('orders') }), /has a field of that name/)
      const counted = buyers().annotate({ m: count('orders') })
      // @ts-expect-error there is no annotation n
      assert.throws(() => counted.having({ n: 1 }), /no aggregate n/)
      // @ts-expect-error there is no field nam
      assert.throws(() => buyers().values('nam'), /has no field "nam"/)
      await assert.rejects(
        buyers().aggregate({ n: count('orders__status', { distinct: true }) }),
        /query the related model/,
      )
    })
  })
}
