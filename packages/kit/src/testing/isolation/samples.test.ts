import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { validationError } from '../../base/index.ts'
import {
  type AnyModel,
  choice,
  createRegistry,
  date,
  decimal,
  f,
  genericReference,
  integer,
  model,
  q,
  testDatabases,
  text,
} from '../../db/index.ts'
import { router, viewset } from '../../rest/index.ts'
import { MARKS } from './marked-values.ts'
import { type ProofReport, type ProveOptions, prove } from './prove.ts'
import { Samples } from './samples.ts'
import { yardOf } from './yard/yard.ts'
import { Business, Membership, Session, SIGN_IN_MODELS, User } from './yard/yard-models.ts'
import { ACCOUNT_ROUTERS } from './yard/yard-routers.ts'

const inCapitals = (value: string) => (/^[A-Z]{3}$/.test(value) ? null : 'Three capitals.')
const isPrime = (value: number) => (value === 7919 ? null : 'Only the thousandth prime.')

const Sale = model('picky.Sale', {
  scope: 'business',
  fields: {
    name: text({ max: 60 }),
    code: text({ max: 9, validators: [inCapitals] }),
    quantity: integer({ min: 0 }),
    price: decimal({ digits: 9, places: 2 }),
    total: decimal({ digits: 9, places: 2 }).generated('{quantity} * {price}'),
    discount: integer(),
    starts: date(),
    ends: date(),
    state: choice(['open', 'closed', 'lost']),
  },
  checks: {
    small_discount: { discount__lte: 100 },
    ends_later: { ends__gte: f('starts') },
    not_lost: q.not({ state: 'lost' }),
  },
})
const Remark = model('picky.Remark', {
  scope: 'business',
  fields: { body: text(), ...genericReference('subject', { to: [() => Sale], onDelete: 'cascade' }) },
})
const Odd = model('picky.Odd', { scope: 'business', fields: { prime: integer({ validators: [isPrime] }) } })

const PEOPLE: readonly AnyModel[] = [User, Business, Session, Membership]
const MAKING = { mark: MARKS.b, number: 1 }
const [sqlite] = testDatabases()

const viewsetsOf = (models: readonly AnyModel[]) =>
  Object.fromEntries(models.map((each) => [each.name.toLowerCase(), viewset(each)]))

function proved(own: readonly AnyModel[], supplied?: ProveOptions['supplied']): Promise<ProofReport> {
  assert.ok(sqlite)
  const target = yardOf(
    [...PEOPLE, ...Object.values(SIGN_IN_MODELS), ...own],
    [...ACCOUNT_ROUTERS, router('picky', viewsetsOf(own))],
  )
  return prove({
    target,
    source: sqlite,
    attacks: supplied ? 40 : 400,
    seed: 11,
    apps: ['picky'],
    ...(supplied && { supplied }),
  })
}

describe('rows that take few values', () => {
  test('are made nevertheless, and attacked', async () => {
    const { leaks, unproved } = await proved([Remark, Sale])
    assert.deepEqual(leaks, [])
    assert.deepEqual(
      unproved.filter((operation) => operation.endsWith('_create')),
      [],
    )
  })

  test('are made of what the project supplies', async () => {
    const { leaks } = await proved([Odd], { 'picky.Odd': { prime: 7919 } })
    assert.deepEqual(leaks, [])
  })

  test('are told of in one message when nothing is taken', async () => {
    await assert.rejects(proved([Odd]), (error: Error) => {
      assert.match(error.message, /picky\.Odd\.prime.*samples: \{ 'picky\.Odd': \{ prime: … \} \}/)
      assert.equal(error.stack, error.message)
      return true
    })
  })

  test('cannot be supplied with what no field takes', () => {
    const registry = createRegistry([...PEOPLE, Odd])
    assert.throws(() => new Samples(registry, { 'picky.Even': {} }), /there is no model picky\.Even/)
    assert.throws(() => new Samples(registry, { 'picky.Odd': { primes: 1 } }), /picky\.Odd\.primes: it is no field/)
    assert.throws(() => new Samples(registry, { 'picky.Odd': { prime: 8 } }), /it does not take 8/)
  })

  test('keep a canary in texts for as long as one is taken, whatever is refused beside them', () => {
    const samples = new Samples(createRegistry([...PEOPLE, Sale]))
    const made = (name: 'name' | 'price'): string => {
      const column = Sale.columns.get(name)
      assert.ok(column)
      return String(samples.value(Sale, column, MAKING))
    }
    const [name, price] = [made('name'), made('price')]
    assert.ok(samples.learnFrom(Sale, validationError({ total: ['The value would be out of range.'] }), MAKING))
    assert.equal(made('name'), name)
    assert.ok(Number(made('price')) < Number(price))
    assert.ok(samples.learnFrom(Sale, validationError({ name: ['Write it in capitals.'] }), MAKING))
    assert.match(made('name'), /^KNBY[0-9A-Z]{5}$/)
  })

  test('come to an end, whatever a hook of a model says', () => {
    const samples = new Samples(createRegistry([...PEOPLE, Sale]))
    while (samples.learnFrom(Sale, new TypeError('Never.'), MAKING));
    assert.ok(samples.lessons > 10 && samples.lessons < 100, `${samples.lessons}`)
  })
})
