import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { q } from '../models/index.ts'
import { avg, count, max, sum } from './aggregate.ts'
import type { Context } from './context.ts'
import { Buyer, makeSales, Order, SALES } from './test-sales.ts'

async function gathered<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

for (const source of testStores(SALES)) {
  describe(`values that are worked out, on ${source.name}`, () => {
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

    test('each value of related rows is counted once, whichever rows lead to it', async () => {
      const once = { distinct: true } as const
      const worked = await buyers().aggregate({
        statuses: count('orders__status', once),
        amounts: count('orders__amount', { ...once, where: { status: 'paid' } }),
        labels: count('labels__name', once),
        pieces: count('orders__lines__pieces', once),
        neighbours: count('region__buyers__name', once),
      })
      assert.deepEqual(worked, { statuses: 2, amounts: 2, labels: 3, pieces: 3, neighbours: 2 })
      assert.deepEqual(await buyers().aggregate({ n: count('orders__status', once) }), { n: 2 })
      assert.deepEqual(
        await buyers()
          .none()
          .aggregate({ n: count('orders__status', once) }),
        { n: 0 },
      )
      const groups = buyers()
        .filter({ name__in: ['Ann', 'Bob', 'Cid'] })
        .groupBy('region__name')
        .annotate({
          n: count(),
          statuses: count('orders__status', once),
          paid: count('orders__status', { ...once, where: { amount__lt: '20' } }),
          neighbours: count('region__buyers__name', once),
        })
      assert.deepEqual(await groups.all(), [
        { region__name: null, n: 1, statuses: 0, paid: 0, neighbours: 0 },
        { region__name: 'North', n: 2, statuses: 2, paid: 1, neighbours: 2 },
      ])
      assert.equal((await groups.orderBy('-statuses').first())?.region__name, 'North')
      assert.deepEqual([await groups.having({ statuses: 0 }).count(), await groups.count()], [1, 2])
      const binned = await buyers()
        .withDeleted()
        .filter({ name: 'Gone' })
        .aggregate({ n: count('orders__status', once) })
      assert.equal(binned.n, 0)
      const theirs = await stage
        .context(newId())
        .query(Buyer)
        .aggregate({ n: count('orders__amount', once) })
      assert.equal(theirs.n, 0)
      const all = await acme.acrossBusinesses('a count', (ctx) =>
        ctx.query(Buyer).aggregate({ n: count('orders__amount', once) }),
      )
      assert.equal(all.n, 4)
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
  })
}
