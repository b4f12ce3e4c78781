import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../base/index.ts'
import {
  createRegistry,
  date,
  datetime,
  foreignKey,
  integer,
  json,
  type ManyRelated,
  model,
  multiChoice,
  text,
} from '../db/index.ts'
import { type Caller, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { filterParameters, filterSet } from './filter-set.ts'
import { router, viewset } from './index.ts'

const Shop = model('asked.Shop', {
  scope: 'business',
  fields: {
    name: text(),
    opened_on: date().optional(),
    seen_at: datetime().optional(),
    meta: json().optional(),
    days: multiChoice(['mon', 'tue', 'wed']).default(() => []),
  },
  ordering: ['name'],
})
const Sale = model('asked.Sale', {
  scope: 'business',
  fields: {
    shop: foreignKey(() => Shop, { onDelete: 'cascade', relatedName: 'sales' }),
    amount: integer(),
    state: text(),
  },
})

declare module '../db/models/related-names.ts' {
  interface RelatedNames {
    'asked.Shop': { readonly sales: ManyRelated<typeof Sale> }
  }
}

const FILTERS = [
  ...(['name', 'days', 'opened_on', 'name__regex', 'seen_at__week', 'seen_at__hour__gte', 'sales'] as const),
  'sales__state',
  ...(['sales__amount', 'meta__address__city', 'meta__size__gte', 'meta__has_key', 'meta__has_any_keys'] as const),
] as const
const ROUTERS = [
  router('asked', {
    shops: viewset(Shop),
    'asked-shops': viewset(Shop, { filters: FILTERS }),
    sales: viewset(Sale),
  }),
]

for (const source of testApis([Shop, Sale], ROUTERS)) {
  describe(`filters of a list on ${source.name}`, () => {
    let api: ThrowawayApi
    let call: Caller
    before(async () => {
      api = await source.create()
      const business = newId()
      call = api.as({ business })
      const ctx = api.context(business)
      const [one, two] = await ctx.query(Shop).bulkCreate([
        {
          name: 'Alpha',
          opened_on: '2026-02-01',
          seen_at: '2026-01-01T10:00:00Z',
          days: ['mon', 'tue'],
          meta: { address: { city: 'Manama' }, size: 3 },
        },
        { name: 'beta', opened_on: '2025-12-31', seen_at: '2025-12-31T23:59:59Z', meta: { address: { city: 5 } } },
      ])
      assert.ok(one && two)
      await ctx.query(Sale).bulkCreate([
        { shop: one.id, amount: 1, state: 'open' },
        { shop: one.id, amount: 2, state: 'done' },
      ])
    })
    after(() => api.drop())

    const names = async (query: string, path = 'asked-shops'): Promise<string[]> => {
      const { status, body } = await call('GET', `/api/asked/${path}/?${query}`)
      assert.equal(status, 200, JSON.stringify(body))
      assert.equal(body.meta.pagination.count, body.data.length)
      return body.data.map(({ name }: { readonly name: string }) => name)
    }
    const refusal = async (query: string, path = 'asked-shops'): Promise<string> => {
      const { status, body } = await call('GET', `/api/asked/${path}/?${query}`)
      assert.equal(status, 400, query)
      return Object.values(body.errors).flat().join(' ')
    }

    test('by parts of dates, and by the ends of texts', async () => {
      assert.deepEqual(await names('seen_at__year=2026', 'shops'), ['Alpha'])
      assert.deepEqual(await names('opened_on__month=12&seen_at__date=2025-12-31', 'shops'), ['beta'])
      assert.deepEqual(await names('name__iendswith=PHA', 'shops'), ['Alpha'])
      assert.match(await refusal('seen_at__year=x', 'shops'), /valid integer/)
      assert.match(await refusal('seen_at__month=13', 'shops'), /less than or equal to 12/)
      assert.match(await refusal('seen_at__week=1', 'shops'), /Unknown parameter/)
    })

    test('by lists of words', async () => {
      assert.deepEqual(await names('days__contains=mon,tue', 'shops'), ['Alpha'])
      assert.deepEqual(await names('days__overlap=tue,wed', 'shops'), ['Alpha'])
      assert.match(await refusal('days__contains=sun', 'shops'), /"sun" is not a valid choice/)
    })

    test('by what a viewset names: patterns, parts, places in JSON, related rows', async () => {
      assert.deepEqual(await names('name__regex=^[A-C].p'), ['Alpha'])
      assert.match(await refusal('name__regex=(a%2B)%2B'), /can take for ever/)
      assert.deepEqual(await names('seen_at__week=1'), ['Alpha', 'beta'])
      assert.deepEqual(await names('seen_at__week__gt=1'), [])
      assert.deepEqual(await names('seen_at__hour__gte=23'), ['beta'])
      assert.match(await refusal('seen_at__hour=23'), /Unknown parameter/)
      assert.deepEqual(await names('meta__address__city=Manama'), ['Alpha'])
      assert.deepEqual(await names('meta__address__city=5'), ['beta'])
      assert.deepEqual(await names('meta__address__city__icontains=MAN'), ['Alpha'])
      assert.deepEqual(await names('meta__size__gte=3'), ['Alpha'])
      assert.deepEqual(await names('meta__has_key=size'), ['Alpha'])
      assert.deepEqual(await names('meta__has_any_keys=size,address'), ['Alpha', 'beta'])
      assert.match(await refusal('meta__has_key=%22'), /no quotes/)
      assert.deepEqual(await names('sales__state=open'), ['Alpha'])
      assert.deepEqual(await names('sales__amount__gte=1'), ['Alpha'])
      assert.deepEqual(await names('sales__isnull=true'), ['beta'])
    })

    test('and by nothing that no viewset has named', async () => {
      for (const query of ['name__regex=a', 'meta__a=1', 'meta__contains=a', 'sales__state=open', 'meta__has_key=a']) {
        assert.match(await refusal(query, 'shops'), /Unknown parameter/)
      }
    })
  })
}

test('the documentation tells of each filter once, and of few that nobody asked for', () => {
  const store = { registry: createRegistry([Shop, Sale]) }
  const given = filterSet(store, viewset(Shop), ['name', 'opened_on', 'seen_at', 'meta', 'days'])
  const told = filterParameters(given)
  assert.equal(new Set(told.map(({ name }) => name)).size, told.length)
  assert.ok(told.length < 60, `${told.length} parameters`)
  const year = told.find(({ name }) => name === 'seen_at__year')
  assert.deepEqual(year?.schema, { type: 'integer', minimum: 1, maximum: 9999 })
  assert.equal(year?.description, 'Rows whose seen_at, its year, is this.')
})
