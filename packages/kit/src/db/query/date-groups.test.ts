import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { date, datetime, foreignKey, integer, text, time } from '../fields/index.ts'
import { model } from '../models/index.ts'
import { count, sum } from './aggregate.ts'
import type { Context } from './context.ts'

const Guest = model('stay.Guest', {
  scope: 'business',
  softDelete: false,
  fields: { name: text(), born: date().optional(), year: integer().default(7) },
})
const Stay = model('stay.Stay', {
  scope: 'business',
  softDelete: false,
  fields: {
    guest: foreignKey(() => Guest, { onDelete: 'cascade' }).optional(),
    from: datetime().optional(),
    wake: time().optional(),
    nights: integer(),
  },
})

/** At the ends of days, years and ISO weeks, and before 1970. */
const MOMENTS = [
  '2024-12-29T23:59:59.999999Z',
  '2024-12-30T00:00:00Z',
  '2025-01-01T00:00:00Z',
  '2025-01-05T23:59:59.5Z',
  '2025-01-06T12:30:15Z',
  '2025-03-31T23:00:00Z',
  '2025-04-01T00:00:00Z',
  '2021-01-01T05:00:00Z',
  '1969-12-31T23:59:59Z',
]

/** The parts of a moment as the calendar has them; a week belongs to the year of its Thursday. */
function partsOf(moment: Date): number[] {
  const day = moment.getUTCDay()
  const isoDay = ((day + 6) % 7) + 1
  const thursday = new Date(`${moment.toISOString().slice(0, -14)}T00:00:00Z`).getTime() + (4 - isoDay) * DAY_MS
  const isoYear = new Date(thursday).getUTCFullYear()
  const week =
    1 + Math.floor((thursday - Date.parse(`${String(isoYear).padStart(4, '0')}-01-01T00:00:00Z`)) / DAY_MS / 7)
  const month = moment.getUTCMonth() + 1
  const days = [week, moment.getUTCDate(), day + 1, isoDay]
  const clock = [moment.getUTCHours(), moment.getUTCMinutes(), moment.getUTCSeconds()]
  return [moment.getUTCFullYear(), isoYear, Math.ceil(month / 3), month, ...days, ...clock]
}

const DAY_MS = 86_400_000

for (const source of testStores([Guest, Stay])) {
  describe(`groups by parts of dates and times on ${source.name}`, () => {
    let stage: ThrowawayStore
    let inn: Context
    before(async () => {
      stage = await source.create()
      inn = stage.context(newId())
      const [ann, bob] = await inn.query(Guest).bulkCreate([{ name: 'Ann', born: '2000-02-29' }, { name: 'Bob' }])
      await inn.query(Stay).bulkCreate([
        ...MOMENTS.map((from, at) => ({
          from,
          nights: at + 1,
          guest: at < 3 ? (ann?.id ?? null) : (bob?.id ?? null),
          wake: at < 5 ? '06:30:00.25' : null,
        })),
        { nights: 100 },
      ])
      const other = stage.context(newId())
      await other.query(Stay).create({ from: '2025-01-01T00:00:00Z', nights: 1000 })
    })
    after(() => stage.drop())
    const stays = () => inn.query(Stay)

    test('rows of one year and month are put together, in UTC and in their order', async () => {
      const months: { from__year: number | null; from__month: number | null; n: number; nights: number | null }[] =
        await stays()
          .groupBy('from__year', 'from__month')
          .annotate({ n: count(), nights: sum('nights') })
          .all()
      assert.deepEqual(months, [
        { from__year: null, from__month: null, n: 1, nights: 100 },
        { from__year: 1969, from__month: 12, n: 1, nights: 9 },
        { from__year: 2021, from__month: 1, n: 1, nights: 8 },
        { from__year: 2024, from__month: 12, n: 2, nights: 3 },
        { from__year: 2025, from__month: 1, n: 3, nights: 12 },
        { from__year: 2025, from__month: 3, n: 1, nights: 6 },
        { from__year: 2025, from__month: 4, n: 1, nights: 7 },
      ])
    })

    test('every part has the values that the calendar has', async () => {
      const one = async (nights: number) =>
        stays()
          .filter({ nights })
          .groupBy(
            'from__date',
            'from__time',
            'from__year',
            'from__iso_year',
            'from__quarter',
            'from__month',
            'from__week',
            'from__day',
            'from__week_day',
            'from__iso_week_day',
            'from__hour',
            'from__minute',
            'from__second',
          )
          .annotate({ n: count() })
          .all()
      const told = async (nights: number) => (await one(nights)).map((row) => Object.values(row).join(' '))
      assert.deepEqual(await told(1), ['2024-12-29 23:59:59.999999 2024 2024 4 12 52 29 1 7 23 59 59 1'])
      assert.deepEqual(await told(2), ['2024-12-30 00:00:00 2024 2025 4 12 1 30 2 1 0 0 0 1'])
      assert.deepEqual(await told(4), ['2025-01-05 23:59:59.5 2025 2025 1 1 1 5 1 7 23 59 59 1'])
      assert.deepEqual(await told(8), ['2021-01-01 05:00:00 2021 2020 1 1 53 1 6 5 5 0 0 1'])
      assert.deepEqual(await told(100), [`${' '.repeat(13)}1`])
      assert.deepEqual(
        await stays().groupBy('guest__born__day', 'wake__hour', 'wake__minute').annotate({ n: count() }).all(),
        [
          { guest__born__day: null, wake__hour: null, wake__minute: null, n: 5 },
          { guest__born__day: null, wake__hour: 6, wake__minute: 30, n: 2 },
          { guest__born__day: 29, wake__hour: 6, wake__minute: 30, n: 3 },
        ],
      )
    })

    test('every part is that of the calendar for any moment of 9999 years', async () => {
      const ctx = stage.context(newId())
      const [min, max] = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59.999Z')]
      const given = [min, max, ...fc.sample(fc.date({ min, max, noInvalidDate: true }), { numRuns: 300, seed: 7 })]
      await ctx.query(Stay).bulkCreate(given.map((from, at) => ({ from, nights: at })))
      const told = await ctx
        .query(Stay)
        .valuesList(
          'from__year',
          'from__iso_year',
          'from__quarter',
          'from__month',
          'from__week',
          'from__day',
          'from__week_day',
          'from__iso_week_day',
          'from__hour',
          'from__minute',
          'from__second',
        )
        .orderBy('nights')
        .all()
      assert.deepEqual(told, given.map(partsOf))
    })

    test('groups are sorted, kept, counted and paged by the parts', async () => {
      const weeks = stays().groupBy('from__iso_year', 'from__week').annotate({ n: count() }).having({ n__gte: 3 })
      assert.deepEqual(await weeks.all(), [{ from__iso_year: 2025, from__week: 1, n: 3 }])
      const years = stays().groupBy('from__year').annotate({ n: count() })
      const names = async (sorted: typeof years) => (await sorted.all()).map((row) => row.from__year)
      assert.deepEqual(await names(years.orderBy('-from__year')), [2025, 2024, 2021, 1969, null])
      assert.deepEqual(await names(years.orderBy('-n', 'from__year')), [2025, 2024, null, 1969, 2021])
      const page = await years.orderBy('-from__year').page({ number: 2, size: 2 })
      assert.deepEqual([page.rows.map((row) => row.from__year), page.count], [[2021, 1969], 5])
    })

    test('parts are values of rows too, each once if wanted', async () => {
      const days: (string | null)[] = await stays().pluck('from__date').distinct().orderBy('-from__date').all()
      assert.deepEqual(days.slice(0, 3), ['2025-04-01', '2025-03-31', '2025-01-06'])
      assert.equal(days.at(-1), null)
      const born: [string | null, number | null][] = (
        await stays().filter({ nights: 2 }).valuesList('guest__name', 'guest__born__year').all()
      ).map(([name, year]) => [name, year])
      assert.deepEqual(born, [['Ann', 2000]])
      assert.deepEqual(await stays().values('from__quarter').distinct().all(), [
        { from__quarter: null },
        { from__quarter: 1 },
        { from__quarter: 2 },
        { from__quarter: 4 },
      ])
      const made: number[] = await stays().pluck('created_at__year').distinct().all()
      assert.equal(made.length, 1)
      // A field that is named like a part is the field.
      assert.deepEqual(await stays().filter({ nights: 2 }).pluck('guest__year').all(), [7])
    })

    test('what a field has no part of does not compile, and is refused', () => {
      // @ts-expect-error a number has no year
      assert.throws(() => stays().groupBy('nights__year').annotate({ n: count() }), /stay.Stay.nights has no year/)
      // @ts-expect-error a time has no month
      assert.throws(() => stays().values('wake__month'), /stay.Stay.wake has no month/)
      // @ts-expect-error there is no part moth
      assert.throws(() => stays().pluck('from__moth'), /Cannot follow "from__moth"/)
      // @ts-expect-error a day has no hour
      assert.throws(() => stays().values('guest__born__hour'), /has no hour/)
      const years = stays().groupBy('from__year').annotate({ n: count() })
      // @ts-expect-error groups are sorted by what they have
      assert.throws(() => years.orderBy('from__month'), /Cannot sort by from__month/)
    })
  })
}
