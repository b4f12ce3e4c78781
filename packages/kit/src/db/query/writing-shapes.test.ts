import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { bigInteger, decimal, float, foreignKey, integer, text } from '../fields/index.ts'
import { f, model } from '../models/index.ts'
import type { Context } from './context.ts'

const Shelf = model('stock.Shelf', { scope: 'business', fields: { name: text({ unique: true }) } })
const Item = model('stock.Item', {
  scope: 'business',
  version: true,
  fields: {
    code: text({ max: 40, unique: true }),
    ean: text({ max: 40, unique: true }).optional(),
    name: text({ max: 80 }).default('thing'),
    alias: text({ max: 80 }).optional(),
    shelf: foreignKey(() => Shelf, { onDelete: 'cascade' }).optional(),
    uses_left: integer({ min: 0 }).default(10),
    spare: integer().optional(),
    sold: bigInteger().default(0n),
    price: decimal({ digits: 8, places: 2 }).default('0'),
    weight: float().default(0),
  },
  ordering: ['code'],
})
const Tick = model('stock.Tick', {
  scope: 'business',
  id: 'bigint',
  softDelete: false,
  fields: { mark: text({ unique: true }) },
})
const Country = model('stock.Country', {
  scope: 'global',
  reason: 'Countries are everybody’s.',
  version: true,
  fields: { iso: text({ max: 2, unique: true }), name: text({ max: 80 }) },
})

const refusal = (code: string, errors?: Record<string, readonly string[]>) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  assert.equal(error.code, code)
  if (errors) assert.deepEqual({ ...error.errors }, errors)
  return true
}

const times = <Result>(count: number, work: (at: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)))

for (const source of testStores([Shelf, Item, Tick, Country])) {
  describe(`shapes of writing on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    let globex: Context
    let count = 0
    const code = (): string => `c${++count}`
    const make = (values: { readonly [name: string]: unknown } = {}) =>
      acme.query(Item).create({ code: code(), ...values })
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
      globex = stage.context(newId())
    })
    after(() => stage.drop())

    describe('a version', () => {
      test('counts each change of a row in the same statement', async () => {
        const made = await make()
        assert.equal(made.version, 1)
        await acme.query(Item).filter({ id: made.id }).update({ name: 'b' })
        await times(5, () =>
          acme
            .query(Item)
            .filter({ id: made.id })
            .update({ uses_left: f('uses_left').minus(1) }),
        )
        const row = await acme.query(Item).get(made.id)
        assert.deepEqual([row.version, row.uses_left], [7, 5])
        const country = await stage.context(null).query(Country).create({ iso: 'BH', name: 'Bahrain' })
        await stage.context(null).query(Country).filter({ id: country.id }).update({ name: 'al-Baḥrayn' })
        assert.equal((await stage.context(null).query(Country).get(country.id)).version, 2)
      })

      test('that has moved stops a change and a deletion', async () => {
        const { id } = await make()
        const changed = await acme.query(Item).updateOne(id, { name: 'first' }, { version: 1 })
        assert.deepEqual([changed.name, changed.version], ['first', 2])
        await assert.rejects(
          acme.query(Item).updateOne(id, { name: 'second' }, { version: 1 }),
          refusal('precondition_failed'),
        )
        await assert.rejects(acme.query(Item).updateOne(id, {}, { version: 1 }), refusal('precondition_failed'))
        await assert.rejects(acme.query(Item).deleteOne(id, { version: 1 }), refusal('precondition_failed'))
        assert.equal((await acme.query(Item).get(id)).name, 'first')
        await acme.query(Item).deleteOne(id, { version: 2 })
        await assert.rejects(acme.query(Item).updateOne(id, { name: 'x' }, { version: 2 }), refusal('not_found'))
      })

      test('lets one of many win who have seen the same', async () => {
        const { id } = await make()
        const outcomes = await Promise.allSettled(
          Array.from({ length: 8 }, (_, at) => acme.query(Item).updateOne(id, { name: `n${at}` }, { version: 1 })),
        )
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') refusal('precondition_failed')(outcome.reason)
        }
      })

      test('tells another business nothing, and is asked only of models that count', async () => {
        const { id } = await make()
        for (const unknown of [id, newId()]) {
          await assert.rejects(
            globex.query(Item).updateOne(unknown, { name: 'x' }, { version: 9 }),
            refusal('not_found'),
          )
          await assert.rejects(globex.query(Item).deleteOne(unknown, { version: 9 }), refusal('not_found'))
        }
        const shelf = await acme.query(Shelf).create({ name: code() })
        await assert.rejects(acme.query(Shelf).updateOne(shelf.id, { name: 'x' }, { version: 1 }), /version: true/)
      })
    })

    describe('an expression', () => {
      const priced = async (values: { readonly [name: string]: unknown }) => (await make(values)).id
      const changed = async (
        id: string,
        values: Parameters<ReturnType<typeof acme.query<typeof Item>>['update']>[0],
      ) => {
        await acme.query(Item).filter({ id }).update(values)
        return acme.query(Item).get(id)
      }

      test('is worked out exactly by the database', async () => {
        const id = await priced({ price: '1.15', sold: 2n ** 62n, spare: 7, weight: 0.5 })
        assert.equal((await changed(id, { price: f('price').times('1.1') })).price, '1.27')
        assert.equal((await changed(id, { price: f('price').plus('0.1').plus(f('spare')) })).price, '8.37')
        assert.equal((await changed(id, { price: f('price').times(-1) })).price, '-8.37')
        assert.equal((await changed(id, { sold: f('sold').plus(2n ** 61n) })).sold, 2n ** 62n + 2n ** 61n)
        assert.equal((await changed(id, { uses_left: f('spare').times(2).minus(f('uses_left')) })).uses_left, 4)
        assert.equal((await changed(id, { weight: f('weight').times(3) })).weight, 1.5)
        assert.equal((await changed(id, { alias: f('name') })).alias, 'thing')
        assert.equal((await changed(id, { spare: null })).spare, null)
        assert.equal((await changed(id, { spare: f('spare').plus(1) })).spare, null)
      })

      test('reads the values from before the change, whatever else is set', async () => {
        const id = await priced({ uses_left: 1, spare: 5 })
        const row = await changed(id, { spare: f('uses_left').plus(1), uses_left: 9 })
        assert.deepEqual([row.spare, row.uses_left], [2, 9])
        await assert.rejects(changed(id, { spare: f('uses_left'), uses_left: f('spare') }), /in a circle/)
      })

      test('that leaves the bounds of its field is refused by name, with nothing written', async () => {
        const [one, two] = [await priced({ uses_left: 5 }), await priced({ uses_left: 1, sold: 2n ** 63n - 1n })]
        const both = acme.query(Item).filter({ id__in: [one, two] })
        const message = (name: string, low: string, high: string) =>
          refusal('validation_failed', { [name]: [`Ensure this value is between ${low} and ${high}.`] })
        await assert.rejects(
          both.update({ uses_left: f('uses_left').minus(2) }),
          message('uses_left', '0', '2147483647'),
        )
        await assert.rejects(both.update({ spare: f('sold').plus(1) }), message('spare', '-2147483648', '2147483647'))
        await assert.rejects(
          both.update({ price: f('uses_left').times(999_999) }),
          message('price', '-999999.99', '999999.99'),
        )
        await assert.rejects(
          both.update({ sold: f('sold').times(f('sold')) }),
          message('sold', String(-(2n ** 63n)), String(2n ** 63n - 1n)),
        )
        await assert.rejects(
          both.update({ weight: f('weight').plus(1e308).times(1e308) }),
          refusal('validation_failed'),
        )
        await assert.rejects(
          both.update({ uses_left: f('spare').plus(1) }),
          refusal('validation_failed', { uses_left: ['This field may not be null.'] }),
        )
        await assert.rejects(
          both.update({ uses_left: f('uses_left').plus('x') }),
          refusal('validation_failed', { uses_left: ['A valid number is required.'] }),
        )
        await assert.rejects(
          both.update({ uses_left: f('uses_left').plus(0.5) }),
          refusal('validation_failed', { uses_left: ['A valid integer is required.'] }),
        )
        const rows = await both.orderBy('id').all()
        assert.deepEqual(
          rows.map(({ uses_left, version }) => [uses_left, version]),
          [
            [5, 1],
            [1, 1],
          ],
        )
      })

      test('loses no change of those that are made at the same time', async () => {
        const id = await priced({ uses_left: 20 })
        await times(20, () =>
          acme
            .query(Item)
            .filter({ id, uses_left__gt: 0 })
            .update({ uses_left: f('uses_left').minus(1) }),
        )
        assert.equal((await acme.query(Item).get(id)).uses_left, 0)
      })

      test('that makes no sense does not compile, and is refused', async () => {
        const query = acme.query(Item).none()
        // @ts-expect-error a name is no number
        await assert.rejects(query.update({ uses_left: f('name').plus(1) }), /no such number/)
        // @ts-expect-error a text does not reckon
        await assert.rejects(query.update({ name: f('name').plus(1) }), /is no number/)
        // @ts-expect-error there is no field useless
        await assert.rejects(query.update({ uses_left: f('useless').plus(1) }), /has no field "useless"/)
        // @ts-expect-error a number is no name
        await assert.rejects(query.update({ name: f('uses_left') }), /of different kinds/)
        await assert.rejects(query.update({ uses_left: f('price').plus(1) }), /no such number/)
      })
    })

    describe('a row by its key', () => {
      test('is made once, however many ask for it', async () => {
        const key = { code: code() }
        const rows = await times(50, () => acme.query(Item).getOrCreate(key, { name: 'once' }))
        assert.equal(rows.filter(({ isNew }) => isNew).length, 1)
        assert.equal(new Set(rows.map(({ row }) => row.id)).size, 1)
        assert.equal(await acme.query(Item).filter(key).count(), 1)
      })

      test('is made or changed once, however many ask for it', async () => {
        const key = { code: code() }
        const rows = await times(12, (at) => acme.query(Item).updateOrCreate(key, { name: `n${at}` }))
        assert.equal(rows.filter(({ isNew }) => isNew).length, 1)
        const row = await acme.query(Item).get(key)
        assert.equal(row.version, 12)
      })

      test('is found in its own business alone', async () => {
        const key = { code: code() }
        const theirs = await globex.query(Item).create({ ...key, name: 'theirs' })
        const mine = await acme.query(Item).getOrCreate(key)
        assert.deepEqual([mine.isNew, mine.row.id === theirs.id], [true, false])
        await acme.query(Item).updateOrCreate(key, { name: 'mine' })
        await acme.query(Item).upsert([{ ...key, name: 'mine again' }], { unique: ['code'] })
        assert.equal((await globex.query(Item).get(theirs.id)).name, 'theirs')
      })

      test('is not found in the bin, and is made anew', async () => {
        const key = { code: code() }
        const { row } = await acme.query(Item).getOrCreate(key)
        await acme.query(Item).deleteOne(row.id)
        assert.equal((await acme.query(Item).getOrCreate(key)).isNew, true)
      })

      test('needs a unique set, and refuses what another one holds', async () => {
        const ean = code()
        await make({ ean })
        await assert.rejects(acme.query(Item).getOrCreate({ name: 'x' } as never), /a unique set must be among them/)
        await assert.rejects(
          acme.query(Item).getOrCreate({ ean: null }, { code: code() }),
          refusal('validation_failed', { ean: ['This field may not be null.'] }),
        )
        await assert.rejects(acme.query(Item).getOrCreate({ code: code() }, { ean }), refusal('conflict'))
        await assert.rejects(acme.query(Item).updateOrCreate({ code: code() }, { ean }), refusal('conflict'))
        // @ts-expect-error the code is needed to make a row
        await assert.rejects(acme.query(Item).getOrCreate({ ean: code() }), refusal('validation_failed'))
        // @ts-expect-error there is no field cod
        await assert.rejects(acme.query(Item).getOrCreate({ cod: 'x' }, { code: code() }), /no field "cod"/)
      })

      test('works within a transaction, which goes on', async () => {
        const key = { code: code() }
        await acme.transaction(async (tx) => {
          const { row } = await tx.query(Item).getOrCreate(key, { name: 'a' })
          await assert.rejects(tx.query(Item).getOrCreate({ code: code() }, { ean: '', name: 'b' }), ApiError)
          await tx.query(Item).updateOrCreate(key, { name: 'b' })
          assert.equal((await tx.query(Item).get(row.id)).name, 'b')
        })
      })
    })

    describe('many rows', () => {
      test('are made or changed by their key, in order', async () => {
        const [one, two, three] = [code(), code(), code()]
        const old = await acme.query(Item).create({ code: two, name: 'old', price: '5' })
        const rows = await acme.query(Item).upsert(
          [one, two, three].map((at) => ({ code: at, name: `new ${at}`, price: '7' })),
          { unique: ['code'], update: ['name'] },
        )
        assert.deepEqual(
          rows.map(({ code: at, name, price, version }) => [at, name, price, version]),
          [
            [one, `new ${one}`, '7.00', 1],
            [two, `new ${two}`, '5.00', 2],
            [three, `new ${three}`, '7.00', 1],
          ],
        )
        assert.equal(rows[1]?.id, old.id)
      })

      test('are made once by upserts at the same time', async () => {
        const codes = Array.from({ length: 5 }, code)
        await times(6, (at) =>
          acme.query(Item).upsert(
            codes.map((each) => ({ code: each, name: `by ${at}` })),
            { unique: ['code'] },
          ),
        )
        assert.equal(await acme.query(Item).filter({ code__in: codes }).count(), 5)
      })

      test('are refused as a whole, by their place', async () => {
        const given = code()
        const upsert = (rows: Parameters<ReturnType<typeof acme.query<typeof Item>>['upsert']>[0]) =>
          acme.query(Item).upsert(rows, { unique: ['code'] })
        await assert.rejects(
          upsert([{ code: given }, { code: given }]),
          refusal('validation_failed', { '1.code': ['This record is given twice.'] }),
        )
        await assert.rejects(
          upsert([{ code: given, name: 'a' }, { code: code() }]),
          refusal('validation_failed', { '1.name': ['This field is required.'] }),
        )
        const ean = code()
        await make({ ean })
        await assert.rejects(
          upsert([
            { code: code(), ean: null },
            { code: given, ean },
          ]),
          refusal('conflict'),
        )
        assert.equal(await acme.query(Item).filter({ code: given }).count(), 0)
        await assert.rejects(acme.query(Item).upsert([{ code: given }], { unique: ['name'] }), /no unique set name/)
      })

      test('get values of their own in few statements', async () => {
        const made = await acme.query(Item).bulkCreate(Array.from({ length: 700 }, () => ({ code: code() })))
        const rows = made.map((row, at) => ({
          ...row,
          name: `bulk ${at}`,
          price: `${at}.5`,
          spare: at % 2 ? at : null,
        }))
        assert.equal(await acme.query(Item).bulkUpdate(rows, ['name', 'price', 'spare']), 700)
        const read = await acme.query(Item).inBulk(made.map(({ id }) => id))
        made.forEach(({ id }, at) => {
          const row = read.get(id)
          assert.deepEqual(
            [row?.name, row?.price, row?.spare, row?.version],
            [`bulk ${at}`, `${at}.50`, at % 2 ? at : null, 2],
          )
        })
      })

      test('of another business or in the bin are not changed', async () => {
        const theirs = await globex.query(Item).create({ code: code() })
        const gone = await make()
        await acme.query(Item).deleteOne(gone.id)
        const mine = await make()
        const rows = [theirs, gone, mine, { id: newId() }].map(({ id }) => ({ id, name: 'changed' }))
        assert.equal(await acme.query(Item).bulkUpdate(rows, ['name']), 1)
        assert.equal((await globex.query(Item).get(theirs.id)).name, 'thing')
        const bad = [
          { id: mine.id, shelf: newId() },
          { id: 'x', shelf: null },
        ]
        await assert.rejects(
          acme.query(Item).bulkUpdate(bad, ['shelf']),
          refusal('validation_failed', { '1.id': ['Must be a valid UUID.'] }),
        )
        await assert.rejects(acme.query(Item).bulkUpdate(bad.slice(0, 1), ['shelf']), refusal('validation_failed'))
        await assert.rejects(
          acme.query(Item).bulkUpdate([mine, mine], ['name']),
          refusal('validation_failed', { '1.id': ['This record is given twice.'] }),
        )
        // @ts-expect-error version is kept by the kit
        await assert.rejects(acme.query(Item).bulkUpdate([mine], ['version']), /kept by the kit/)
      })

      test('leave out those whose unique values are taken', async () => {
        const taken = await make()
        const free = code()
        const made = await acme
          .query(Item)
          .bulkCreate([{ code: taken.code }, { code: free }], { ignoreConflicts: true })
        assert.deepEqual(
          made.map((row) => row.code),
          [free],
        )
        assert.equal((await acme.query(Item).get(taken.id)).version, 1)
        await acme.query(Tick).create({ mark: 'a' })
        const ticks = await acme.query(Tick).bulkCreate([{ mark: 'a' }, { mark: 'b' }], { ignoreConflicts: true })
        assert.deepEqual(
          ticks.map(({ mark }) => mark),
          ['b'],
        )
        await assert.rejects(
          acme.query(Item).bulkCreate([{ code: free, shelf: newId() }], { ignoreConflicts: true }),
          refusal('validation_failed'),
        )
      })
    })

    describe('rows that are held', () => {
      test('are held only in a transaction', async () => {
        assert.throws(() => acme.query(Item).forUpdate(), /ctx\.transaction/)
        await acme.transaction(async (tx) => {
          assert.throws(() => tx.query(Item).forUpdate({ skipLocked: true, noWait: true }), /not both/)
          await assert.rejects(tx.query(Item).forUpdate().page(), /cannot hold/)
          assert.equal(typeof (await tx.query(Item).forUpdate().count()), 'number')
        })
      })

      test('are left out or refused to others', {
        skip: source.name === 'sqlite' && 'a transaction has the one writer',
      }, async () => {
        const shelf = await acme.query(Shelf).create({ name: code() })
        const rows = [await make({ shelf: shelf.id }), await make({ shelf: shelf.id })]
        const own = (ctx: Context) => ctx.query(Item).filter({ shelf: shelf.id }).with('shelf')
        await acme.transaction(async (tx) => {
          await own(tx)
            .forUpdate()
            .filter({ id: rows[0]?.id ?? '' })
            .all()
          await acme.transaction(async (other) => {
            const free = await own(other).forUpdate({ skipLocked: true }).all()
            assert.deepEqual(
              free.map(({ id }) => id),
              [rows[1]?.id],
            )
          })
          await assert.rejects(acme.transaction((other) => own(other).forUpdate({ noWait: true }).all()))
        })
      })
    })
  })
}
