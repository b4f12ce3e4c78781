import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { genericReference, integer, text } from '../fields/index.ts'
import { createRegistry, type ManyRelated, model, type OneRelated } from '../models/index.ts'
import { count, sum } from './aggregate.ts'
import type { Context } from './context.ts'

const Client = model('crm.Client', { scope: 'business', fields: { name: text() } })
const Order = model('crm.Order', { scope: 'business', softDelete: false, fields: { name: text() } })
const Counted = model('crm.Counted', { scope: 'business', id: 'bigint', fields: { name: text() } })
const Comment = model('crm.Comment', {
  scope: 'business',
  fields: {
    body: text(),
    stars: integer().default(1),
    ...genericReference('subject', {
      to: [() => Client, () => Order],
      onDelete: 'cascade',
      relatedName: 'comments',
    }),
  },
})
const Seal = model('crm.Seal', {
  scope: 'business',
  fields: {
    code: text(),
    ...genericReference('holder', { to: [() => Client], onDelete: 'cascade', relatedName: 'seal' }),
  },
  unique: [['holder_type', 'holder_id']],
})
const Pin = model('crm.Pin', {
  scope: 'business',
  fields: { ...genericReference('subject', { to: 'any', onDelete: 'set null', optional: true }) },
})

declare module '../models/related-names.ts' {
  interface RelatedNames {
    'crm.Client': { comments: ManyRelated<typeof Comment>; seal: OneRelated<typeof Seal> }
    'crm.Order': { comments: ManyRelated<typeof Comment> }
  }
}

for (const source of testStores([Client, Order, Counted, Comment, Pin, Seal])) {
  describe(`a generic reference on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
    })
    after(() => stage.drop())
    const refused =
      (errors: Record<string, readonly string[]>, code = 'validation_failed') =>
      (error: unknown) => {
        assert.ok(error instanceof ApiError, String(error))
        assert.equal(error.code, code)
        assert.deepEqual({ ...error.errors }, errors)
        return true
      }

    test('points to a row that is there, of a model that it may point to', async () => {
      const client = await acme.query(Client).create({ name: 'Acme' })
      const foreign = await stage.context(newId()).query(Client).create({ name: 'Globex' })
      const to = (subject_type: string, subject_id: string) => ({ body: 'x', subject_type, subject_id })
      const made = await acme.query(Comment).create(to('crm.Client', client.id))
      assert.deepEqual([made.subject_type, made.subject_id], ['crm.Client', client.id])
      for (const id of [foreign.id, newId()]) {
        const missing = { subject_id: [`Invalid pk "${id}" - object does not exist.`] }
        await assert.rejects(acme.query(Comment).create(to('crm.Client', id)), refused(missing))
      }
      const choice = { subject_type: ['"crm.Pin" is not a valid choice.'] }
      await assert.rejects(acme.query(Comment).create(to('crm.Pin', client.id)), refused(choice))
      const half = acme.query(Comment).filter({ id: made.id }).update({ subject_type: 'crm.Order' })
      await assert.rejects(half, refused({ subject_id: ['Give subject_type and subject_id together.'] }))
      const counted = acme.query(Pin).create({ subject_type: 'crm.Counted', subject_id: client.id })
      await assert.rejects(counted, refused({ subject_type: ['"crm.Counted" is not a valid choice.'] }))
      assert.equal((await acme.query(Pin).create({})).subject_id, null)
    })

    test('goes the way of the row that it points to', async () => {
      const client = await acme.query(Client).create({ name: 'Acme' })
      const order = await acme.query(Order).create({ name: 'O-1' })
      const on = async (subject_type: string, subject_id: string) => ({
        comment: (await acme.query(Comment).create({ body: 'x', subject_type, subject_id })).id,
        pin: (await acme.query(Pin).create({ subject_type, subject_id })).id,
      })
      const ofClient = await on('crm.Client', client.id)
      const ofOrder = await on('crm.Order', order.id)
      await acme.query(Client).filter({ id: client.id }).delete()
      assert.equal(await acme.query(Comment).filter({ id: ofClient.comment }).exists(), false)
      assert.equal(await acme.query(Comment).filter({ id: ofOrder.comment }).exists(), true)
      const pin = await acme.query(Pin).get(ofClient.pin)
      assert.deepEqual([pin.subject_type, pin.subject_id], [null, null])
      await acme.query(Client).filter({ id: client.id }).restore()
      assert.equal(await acme.query(Comment).filter({ id: ofClient.comment }).exists(), true)
      await acme.query(Order).filter({ id: order.id }).delete()
      assert.equal(await acme.query(Comment).withDeleted().filter({ id: ofOrder.comment }).exists(), false)
    })

    test('leads back by a name, from each model to the rows about its own', async () => {
      acme = stage.context(newId())
      const id = newId()
      // One id for both: the label tells them apart.
      await acme.query(Client).create({ id, name: 'Acme' })
      await acme.query(Order).create({ id, name: 'O-1' })
      const silent = await acme.query(Client).create({ name: 'Silent' })
      const to = (subject_type: string) => ({ subject_type, subject_id: id })
      await acme.query(Comment).bulkCreate([
        { body: 'first', stars: 2, ...to('crm.Client') },
        { body: 'second', stars: 3, ...to('crm.Client') },
        { body: 'other', ...to('crm.Order') },
      ])
      await acme.query(Comment).filter({ body: 'second' }).delete()
      await acme.query(Seal).create({ code: 'S', holder_type: 'crm.Client', holder_id: id })

      const clients = acme.query(Client).orderBy('name')
      assert.deepEqual(await clients.filter({ comments__body: 'first' }).pluck('id').all(), [id])
      assert.equal(await clients.filter({ comments__body__in: ['second', 'other'] }).count(), 0)
      assert.deepEqual(await clients.filter({ comments__isnull: true }).pluck('id').all(), [silent.id])
      const bodies = (rows: readonly { comments: readonly { body: string }[] }[]) =>
        rows.map(({ comments }) => comments.map(({ body }) => body))
      const loaded = await clients.with('comments', 'seal').all()
      assert.deepEqual(bodies(loaded), [['first'], []])
      assert.deepEqual(
        loaded.map(({ seal }) => seal?.code ?? null),
        ['S', null],
      )
      assert.deepEqual(bodies(await acme.query(Order).with('comments').all()), [['other']])
      const counted = await clients.annotate({ said: count('comments'), stars: sum('comments__stars') }).all()
      assert.deepEqual(
        counted.map(({ said, stars }) => [said, stars]),
        [
          [1, 2],
          [0, null],
        ],
      )
      const all = await acme.query(Client).aggregate({ marks: count('comments__stars', { distinct: true }) })
      assert.equal(all.marks, 1)
      const other = stage.context(newId())
      assert.equal(await other.query(Client).filter({ comments__isnull: false }).count(), 0)
      // @ts-expect-error the compiler knows the model that it leads to
      assert.throws(() => clients.filter({ comments__nope: 1 }), /has no/)
    })

    test('does not come back to a row in the bin', async () => {
      const client = await acme.query(Client).create({ name: 'Acme' })
      const to = { subject_type: 'crm.Client', subject_id: client.id }
      const comments = await acme.query(Comment).bulkCreate([
        { body: 'before', ...to },
        { body: 'along', ...to },
      ])
      const [before, along] = comments.map(({ id }) => id)
      await acme
        .query(Comment)
        .filter({ id: before ?? '' })
        .delete()
      await acme.query(Client).filter({ id: client.id }).delete()
      for (const id of [before, along]) {
        const message = 'Cannot restore this comment: the client that it points to is deleted. Restore that first.'
        const restoring = acme
          .query(Comment)
          .filter({ id: id ?? '' })
          .restore()
        await assert.rejects(restoring, refused({ subject_id: [message] }, 'conflict'))
      }
      assert.equal(await acme.query(Client).filter({ id: client.id }).restore(), 1)
      assert.equal(
        await acme
          .query(Comment)
          .filter({ id: before ?? '' })
          .restore(),
        1,
      )
      assert.equal(await acme.query(Comment).filter({ subject_id: client.id }).count(), 2)
    })
  })
}

test('a generic reference names models that it can point to', () => {
  const Bad = model('crm.Bad', {
    scope: 'business',
    fields: genericReference('subject', { to: [() => Counted], onDelete: 'cascade' }),
  })
  assert.throws(() => createRegistry([Bad, Counted]), /crm\.Bad\.subject cannot point to crm\.Counted/)
  assert.throws(() => genericReference('subject', { to: 'any', onDelete: 'set null' }), /must be optional/)
})

test('a generic reference leads back by a name that is free', () => {
  const named = (relatedName: string | false) =>
    model('crm.Note', {
      scope: 'business',
      fields: genericReference('subject', { to: [() => Client], onDelete: 'cascade', relatedName }),
    })
  assert.deepEqual(createRegistry([Client, named(false)]).relations(Client), [])
  assert.equal(createRegistry([Client, named('notes')]).relation(Client, 'notes')?.type?.label, 'crm.Client')
  assert.throws(
    () => createRegistry([Client, named('name')]),
    /crm\.Note\.subject_id cannot be called "name" from crm\.Client: it has a field of that name/,
  )
})

test('a generic reference has an index of its own, unless a declared key serves it', () => {
  const fields = { name: text(), ...genericReference('subject', { to: 'any', onDelete: 'cascade' }) }
  const indexes = (options: object) =>
    model('crm.Note', { scope: 'business', fields, ...options }).indexes.map((index) => index.fields)
  const pair = ['subject_type', 'subject_id']
  assert.deepEqual(indexes({}), [pair])
  const other = ['subject_id', 'subject_type', 'name']
  assert.deepEqual(indexes({ indexes: [['name'], other] }), [['name'], other])
  assert.deepEqual(indexes({ indexes: [{ fields: pair, where: { name: 'x' } }] }), [pair, pair])
  assert.deepEqual(indexes({ unique: [pair] }), [pair])
  assert.deepEqual(indexes({ unique: [pair], softDelete: false }), [])
})
