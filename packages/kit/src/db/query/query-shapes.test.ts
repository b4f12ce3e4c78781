import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { avg, count, max, min, sum } from './aggregate.ts'
import type { Context } from './context.ts'
import { Buyer, makeSales, Order, SALES } from './test-sales.ts'

for (const source of testStores(SALES)) {
  describe(`shapes of queries on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
      await makeSales(acme)
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
      const months = buyers().groupBy('created_at__month')
      assert.throws(
        () => months.annotate({ n: count('orders__status', { distinct: true }) }),
        /Query the related model/,
      )
    })
  })
}
