import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigInteger, choice, decimal, email, foreignKey, text } from '../fields/index.ts'
import { model, type Q, q } from '../models/index.ts'
import type { Filter, LoadedRow, Path } from './filter-types.ts'

const User = model('account.User', {
  scope: 'global',
  reason: 'People work for many businesses.',
  fields: { email: email() },
})
const Client = model('clients.Client', {
  scope: 'business',
  fields: {
    name: text(),
    status: choice(['lead', 'active']).default('lead'),
    credit: decimal({ digits: 12, places: 2 }),
    visits: bigInteger(),
    owner: foreignKey(() => User, { onDelete: 'set null' }).optional(),
  },
})

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
