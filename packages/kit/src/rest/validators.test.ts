import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../base/index.ts'
import {
  bigInteger,
  boolean,
  checkedValue,
  choice,
  datetime,
  foreignKey,
  integer,
  json,
  model,
  Problem,
  text,
} from '../db/index.ts'
import { fieldSignature } from '../db/migrations/detection/index.ts'
import { type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { router, viewset } from './index.ts'

const even = (value: number) => (value % 2 === 0 ? null : 'Must be even.')
const shouted = (value: string) => (value === value.toUpperCase() ? [] : ['Must be in capitals.', 'Shout.'])

const Parcel = model('validated.Parcel', {
  scope: 'business',
  fields: {
    code: text({ max: 5, validators: [shouted] }),
    pieces: integer({ validators: [even, (value) => (value > 100 ? 'Too many.' : undefined)] }).default(2),
    sent_at: datetime({ validators: [(value) => (value.getUTCDay() === 5 ? 'Closed on Fridays.' : null)] }).optional(),
  },
})

const [source] = testApis([Parcel], [router('validated', { parcels: viewset(Parcel) })])
assert.ok(source)

describe('validators of a field', () => {
  let api: ThrowawayApi
  const business = newId()
  before(async () => {
    api = await source.create()
  })
  after(() => api.drop())

  test('run behind the checks of the kind, on bodies that make and change rows', async () => {
    const call = api.as({ business })
    const path = '/api/validated/parcels/'
    const refused = await call('POST', path, { body: { code: 'ab', pieces: 101, sent_at: '2026-11-27T10:00:00Z' } })
    assert.equal(refused.status, 400)
    assert.deepEqual(refused.body.errors, {
      code: ['Must be in capitals.', 'Shout.'],
      pieces: ['Must be even.', 'Too many.'],
      sent_at: ['Closed on Fridays.'],
    })
    const long = await call('POST', path, { body: { code: 'abcdef' } })
    assert.deepEqual(long.body.errors, { code: ['Ensure this field has no more than 5 characters.'] })
    const made = await call('POST', path, { body: { code: 'AB', sent_at: null } })
    assert.equal(made.status, 201)
    const changed = await call('PATCH', `${path}${made.body.data.id}/`, { body: { pieces: 3 } })
    assert.deepEqual(changed.body.errors, { pieces: ['Must be even.'] })
    const filtered = await call('GET', `${path}?pieces=3`)
    assert.equal(filtered.body.meta.pagination.count, 0)
  })

  test('run where code makes and changes rows', async () => {
    const parcels = api.context(business).query(Parcel)
    const refusal = (errors: object) => (error: unknown) => {
      assert.ok(error instanceof ApiError)
      assert.deepEqual({ ...error.errors }, errors)
      return true
    }
    await assert.rejects(parcels.create({ code: 'CD', pieces: 1 }), refusal({ pieces: ['Must be even.'] }))
    const { id } = await parcels.create({ code: 'CD' })
    const moment = new Date('2026-11-27T10:00:00Z')
    await assert.rejects(
      parcels.filter({ id }).update({ sent_at: moment }),
      refusal({ sent_at: ['Closed on Fridays.'] }),
    )
  })
})

test('a default is checked by them when the field is declared', () => {
  assert.throws(() => integer({ validators: [even] }).default(3), /Cannot use 3 as the default of integer\(\): Must be/)
})

test('a validator gets the value as a row would hold it', () => {
  const seen: unknown[] = []
  const look = (value: unknown): undefined => void seen.push(value)
  const fields = [
    [text({ validators: [look] }), ' Acme '],
    [bigInteger({ validators: [look] }), '7'],
    [boolean({ validators: [look] }), 'off'],
    [datetime({ validators: [look] }), '2026-01-31T12:30:00.5+03:00'],
    [json({ validators: [look] }), { a: [1] }],
    [choice(['lead'], { validators: [look] }), 'lead'],
  ] as const
  for (const [field, input] of fields) checkedValue(field, input)
  assert.deepEqual(seen, ['Acme', 7n, false, new Date('2026-01-31T09:30:00.5Z'), { a: [1] }, 'lead'])
})

test('a validator that answers later, or with something else, is a mistake', () => {
  // @ts-expect-error a validator answers at once
  const late = text({ validators: [async () => 'Too late.'] })
  assert.throws(() => checkedValue(late, 'x'), /A validator of text\(\) must give a message, messages or nothing/)
  // @ts-expect-error a text has no validators of numbers
  const wrong = text({ validators: [even] })
  assert.ok(checkedValue(wrong, '3') instanceof Problem)
  // @ts-expect-error an id of this kind is a text
  foreignKey(() => Parcel, { onDelete: 'cascade', validators: [even] })
})

test('migrations know nothing of validators, nor of the name before', () => {
  assert.deepEqual(fieldSignature(text({ validators: [shouted], renamedFrom: 'number' })), fieldSignature(text()))
})
