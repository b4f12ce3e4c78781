import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigInteger, choice, datetime, decimal, email, foreignKey, json, multiChoice, text } from '../fields/index.ts'
import { type ManyRelated, manyToMany, model, type Q, q } from '../models/index.ts'
import type { Filter, LoadedRow, Path } from './filter-types.ts'
import type { Query } from './query.ts'

const User = model('filters.User', {
  scope: 'global',
  reason: 'People work for many businesses.',
  fields: { email: email() },
})
const Tag = model('filters.Tag', { scope: 'business', fields: { label: text() } })
const Client = model('filters.Client', {
  scope: 'business',
  fields: {
    name: text(),
    status: choice(['lead', 'active']).default('lead'),
    credit: decimal({ digits: 12, places: 2 }),
    visits: bigInteger(),
    owner: foreignKey(() => User, { onDelete: 'set null' }).optional(),
    languages: multiChoice(['en', 'ar']).default(() => []),
    tags: manyToMany(() => Tag),
  },
})
const Visit = model('filters.Visit', {
  scope: 'business',
  fields: {
    client: foreignKey(() => Client, { onDelete: 'cascade', relatedName: 'visits_to' }),
    at: datetime(),
    meta: json().optional(),
  },
})

declare module '../models/related-names.ts' {
  interface RelatedNames {
    'filters.User': { readonly clients: ManyRelated<typeof Client> }
    'filters.Client': { readonly visits_to: ManyRelated<typeof Visit> }
  }
}

test('a filter takes the fields, lookups and values of its model, across foreign keys', () => {
  const filters: Filter<typeof Client>[] = [
    { name__icontains: 'acme', status: 'active', status__in: ['lead'], owner__email__endswith: '.test', owner: null },
    { credit__gte: '10', visits__range: [1n, 2n], owner__isnull: true, created_at__lt: new Date(), id: 'x' },
    // @ts-expect-error there is no field nam
    { nam: 'acme' },
    // @ts-expect-error a choice has no order
    { status__gt: 'lead' },
    // @ts-expect-error vip is no choice of status
    { status: 'vip' },
    // @ts-expect-error the owner has no field emial
    { owner__emial: 'a@b.c' },
    // @ts-expect-error isnull takes a boolean
    { owner__isnull: 'yes' },
  ]
  assert.equal(filters.length, 7)
})

test('alternatives take the same', () => {
  const conditions: Q<Filter<typeof Client>>[] = [
    q.or({ status: 'active' }, { owner__email: 'a@b.c', visits__in: [1n] }, q.not({ name: 'x' })),
    // @ts-expect-error there is no field nam
    q.or({ nam: 'acme', status: 'active' }),
    // @ts-expect-error vip is no choice of status
    q.not({ status: 'vip' }),
  ]
  assert.equal(conditions.length, 3)
})

test('a condition of a query may follow relations to any depth, and is held to the models all the way', () => {
  const written = (query: Query<typeof Visit>): Query<typeof Visit>[] => [
    query.filter({ client__owner__email__iendswith: '.test', client__created_at__year__gte: 2025 }),
    query.filter({ client__visits_to__at__date: '2026-01-01', client__owner__clients__tags__label: 'x' }),
    query.filter(q.or({ client__owner__clients__tags: 'x' }, q.not({ at__hour__in: [1, 2] })), { client: 'x' }),
    query.exclude({ meta__address__city: 'Manama', meta__tags__0__startswith: 'v', meta__has_keys: ['a'] }),
    query.filter({ client__visits_to__isnull: false, at__week__range: [1, 2], client__owner__clients__in: ['x'] }),
    // @ts-expect-error the owner of a client has no field emial
    query.filter({ client__owner__emial: 'x' }),
    // @ts-expect-error tags have no field name
    query.filter({ client__owner__clients__tags__name: 'x' }),
    // @ts-expect-error the misspelt one stands beside right ones
    query.filter({ client: 'x', client__owner__clients__tags__label: 'x', client__owner__emial: 'x' }),
    // @ts-expect-error a year is a number
    query.filter({ at__year__gte: '2026' }),
    // @ts-expect-error a datetime has no lookup contains
    query.filter({ at__contains: '2026' }),
    // @ts-expect-error a date within a datetime has no lookup startswith
    query.filter({ at__date__startswith: '2026' }),
    // @ts-expect-error misspelt deep inside alternatives
    query.filter(q.or({ client: 'x' }, q.not({ client__owner__clients__tags__name: 'x' }))),
    // @ts-expect-error the keys that an object has are a list of texts
    query.exclude({ meta__address__has_keys: 'a' }),
    // @ts-expect-error isnull takes a boolean, at the end of a path into JSON too
    query.exclude({ meta__address__city__isnull: 'no' }),
    // @ts-expect-error a regex is a text
    query.filter({ meta__city__regex: 5 }),
    // @ts-expect-error there is no relation visits
    query.filter({ client__visits_of__at: new Date() }),
  ]
  assert.equal(typeof written, 'function')
})

test('the filter of a model knows relations that lead back, lists and JSON', () => {
  const filters: Filter<typeof Client>[] = [
    { visits_to__at__gte: new Date(), visits_to: 'x', tags__label__in: ['x'], visits_to__isnull: true },
    { created_at__year: 2026, created_at__date__range: ['2026-01-01', '2026-02-01'] },
    { languages__contains: ['en'], languages__overlap: ['ar'] },
    // @ts-expect-error fr is no language
    { languages__contains: ['fr'] },
    // @ts-expect-error a tag has no field name
    { tags__name: 'x' },
    // @ts-expect-error a month is a number
    { created_at__month: 'May' },
  ]
  assert.equal(filters.length, 6)
})

test('an ordering takes paths across foreign keys', () => {
  const paths: Path<typeof Client>[] = ['name', 'owner__email', 'created_at']
  // @ts-expect-error the owner has no field size
  paths.push('owner__size')
  assert.equal(paths.length, 4)
})

test('a loaded foreign key holds the row that it points to', () => {
  const owners = (client: LoadedRow<typeof Client, 'owner'>): string | undefined => client.owner?.email
  assert.equal(typeof owners, 'function')
})
