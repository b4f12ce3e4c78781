import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import {
  bigInteger,
  datetime,
  decimal,
  email,
  foreignKey,
  genericReference,
  integer,
  json,
  text,
} from '../fields/index.ts'
import { type AnyModel, manyToMany, model } from '../models/index.ts'
import type { Context } from '../query/index.ts'
import { dumpRecords } from './dump-records.ts'
import { exportBusiness } from './export-business.ts'
import { flushTables } from './flush-tables.ts'
import { importBusiness } from './import-business.ts'
import { loadRecords } from './load-records.ts'
import { TransferError } from './transfer-record.ts'
import { withNaturalKeys } from './with-natural-keys.ts'

const Person = model('desk.Person', {
  scope: 'global',
  reason: 'People work for many businesses.',
  verboseNamePlural: 'people',
  fields: { email: email({ unique: true }), name: text(), secret: text({ sensitive: true }).optional() },
})
const Team = model('desk.Team', {
  scope: 'business',
  fields: {
    name: text({ unique: true }),
    lead: foreignKey((): AnyModel => Member, { onDelete: 'set null', relatedName: 'leads' }).optional(),
  },
})
const Member: AnyModel = model('desk.Member', {
  scope: 'business',
  fields: {
    person: foreignKey(() => Person, { onDelete: 'cascade' }),
    team: foreignKey(() => Team, { onDelete: 'protect', relatedName: 'members' }),
    boss: foreignKey('self', { onDelete: 'set null', relatedName: 'staff' }).optional(),
    badges: manyToMany(() => Badge),
  },
})
const Badge = model('desk.Badge', {
  scope: 'business',
  id: 'bigint',
  softDelete: false,
  fields: { name: text(), weight: decimal({ digits: 15, places: 4 }).default('0'), extra: json().optional() },
})
const Reading = model('desk.Reading', {
  scope: 'business',
  fields: {
    badge: foreignKey(() => Badge, { onDelete: 'cascade' }),
    at: datetime(),
    size: bigInteger(),
    level: integer(),
  },
})
const Remark = model('desk.Remark', {
  scope: 'business',
  fields: { body: text(), ...genericReference('subject', { to: [() => Team, () => Person], onDelete: 'cascade' }) },
})
const MODELS = [Person, Team, Member, Badge, Reading, Remark]

const gathered = async (records: AsyncIterable<string>): Promise<string[]> => {
  const all: string[] = []
  for await (const record of records) all.push(record)
  return all
}
const parsed = (records: readonly string[]): unknown[] => records.map((record) => JSON.parse(record))

for (const source of testStores(MODELS)) {
  describe(`rows taken out and put in on ${source.name}`, () => {
    let stage: ThrowawayStore
    let asha: string
    let acme: string
    const system = (): Context => stage.context(null)
    const across = <Result>(work: (ctx: Context) => Promise<Result>) =>
      system().transaction((tx) => tx.acrossBusinesses('test', work))
    const dump = (options: Parameters<typeof dumpRecords>[2] = { all: true }) =>
      across((ctx) =>
        gathered(
          dumpRecords(
            ctx,
            stage.store.registry.models.filter(({ app }) => app === 'desk'),
            options,
          ),
        ),
      )
    const load = (records: readonly unknown[], options = {}) => across((ctx) => loadRecords(ctx, records, options))
    before(async () => {
      stage = await source.create()
    })
    after(() => stage.drop())
    beforeEach(async () => {
      await flushTables(stage.database, stage.store.registry.models)
      acme = newId()
      const people = system().query(Person)
      asha = (await people.create({ email: 'asha@acme.test', name: 'Asha 😀', secret: 'hidden' })).id
      await fill(stage.context(acme, asha))
      await fill(stage.context(newId()))
    })

    /** A little of everything: a circle, a row in the bin, counted ids, a pair, extremes. */
    async function fill(ctx: Context): Promise<void> {
      const team = await ctx.query(Team).create({ name: 'Front' })
      const boss = await ctx.query(Member).create({ person: asha, team: team.id } as never)
      const member = { person: asha, team: team.id, boss: boss.id }
      await ctx.query(Member).create(member as never)
      await ctx
        .query(Team)
        .filter({ id: team.id })
        .update({ lead: boss.id } as never)
      const gone = await ctx.query(Team).create({ name: 'Gone' })
      await ctx.query(Team).filter({ id: gone.id }).delete()
      const badge = await ctx.query(Badge).create({ name: 'Gold', weight: '-99999999999.9999', extra: { a: [1, '"'] } })
      const reading = { badge: badge.id, at: new Date('0001-01-01T00:00:00Z'), size: 2n ** 63n - 1n, level: -1 }
      await ctx.query(Reading).create(reading)
    }

    test('what is dumped, flushed and loaded again is what was there, to the byte', async () => {
      const before = await dump()
      assert.equal(before.length, 1 + 2 * 6)
      await flushTables(stage.database, stage.store.registry.models)
      assert.deepEqual(await dump(), [])
      assert.equal(await load(parsed(before)), before.length)
      assert.deepEqual(await dump(), before)
    })

    test('loading what is there already changes it back, and makes nothing twice', async () => {
      const before = await dump()
      await stage
        .context(acme)
        .query(Team)
        .filter({ name: 'Front' })
        .update({ name: 'Changed' } as never)
      await load(parsed(before))
      assert.deepEqual(await dump(), before)
    })

    test('records may stand before those that they point to', async () => {
      const before = await dump()
      await flushTables(stage.database, stage.store.registry.models)
      await load(parsed(before).reverse())
      assert.deepEqual((await dump()).toSorted(), before.toSorted())
    })

    test('counted ids go on after those that were loaded', async () => {
      const before = await dump()
      await flushTables(stage.database, stage.store.registry.models)
      await load(parsed(before))
      const next = await stage.context(acme).query(Badge).create({ name: 'Next' })
      assert.ok(next.id > 2n, `${next.id}`)
    })

    test('rows in the bin stay out unless they are asked for, and a business may be dumped alone', async () => {
      assert.equal((await dump({})).length, 1 + 2 * 5)
      const own = parsed(await dump({ business: acme })) as { fields: { business_id: string } }[]
      assert.equal(own.length, 5)
      assert.ok(own.every(({ fields }) => fields.business_id === acme))
    })

    test('natural keys take the place of ids, both ways', async () => {
      const before = await dump({ business: acme })
      const named = await across((ctx) =>
        gathered(withNaturalKeys(ctx, dumpRecords(ctx, [Person, Team, Member]), { isForeign: true, isPrimary: true })),
      )
      const records = parsed(named) as { model: string; pk?: string; fields: Record<string, unknown> }[]
      const [person, team, member] = ['person', 'team', 'member'].map((name) =>
        records.find(({ model: label }) => label === `desk.${name}`),
      )
      assert.deepEqual([person?.pk, team?.pk], [undefined, undefined])
      assert.deepEqual([member?.fields.person, member?.fields.team], [['asha@acme.test'], ['Front']])
      assert.equal(await load(parsed(named)), named.length)
      assert.deepEqual(await dump({ business: acme }), before)
    })

    test('what is wrong is told with the name of the record, and nothing is loaded', async () => {
      const before = await dump()
      const team = (fields: object, pk: unknown = newId()) => ({
        model: 'desk.team',
        pk,
        fields: { business_id: acme, name: 'New', ...fields },
      })
      const wrong: readonly (readonly [unknown, RegExp])[] = [
        [team({ nope: 1 }), /desk\.team\(pk=.*\): desk\.Team has no field named 'nope'/],
        [team({ name: '' }), /name: This field may not be blank\./],
        [team({ name: null }), /name: This field may not be null\./],
        [team({ business_id: null }), /business_id: This field may not be null\./],
        [team({}, 'x'), /id: Must be a valid UUID\./],
        [team({ name: 'Front' }), /Could not load desk\.team\(pk=.*Team with this name already exists/],
        [team({ lead: newId() }), /points to a row that is neither here nor among the records|that is gone/],
        [{ ...team({}), model: 'desk.nope' }, /Invalid model identifier: 'desk\.nope'/],
        [{ model: 'desk.team', pk: newId() }, /A record must be/],
        [[], /A record must be/],
        [
          { model: 'desk.member', pk: newId(), fields: { business_id: acme, person: ['x@y.test'], team: ['Front'] } },
          /neither here/,
        ],
        [
          { model: 'desk.member', pk: newId(), fields: { business_id: acme, person: ['x', 'y'] } },
          /natural key of desk\.Person is \[email\]/,
        ],
      ]
      for (const [record, message] of wrong) {
        await assert.rejects(load([team({ name: 'First' }), record]), (error: Error) => {
          assert.match(error.message, message)
          return true
        })
      }
      assert.deepEqual(await dump(), before)
    })

    test('a row cannot be loaded so that it points into another business', async () => {
      const theirs = parsed(await dump()).filter((record) => (record as { model: string }).model === 'desk.team') as {
        pk: string
        fields: { business_id: string }
      }[]
      const foreign = theirs.find(({ fields }) => fields.business_id !== acme)
      const member = { business_id: acme, person: asha, team: foreign?.pk }
      await assert.rejects(load([{ model: 'desk.member', pk: newId(), fields: member }]), TransferError)
    })

    test('models and fields that are gone may be passed over', async () => {
      const records = [
        { model: 'desk.nope', pk: 1, fields: {} },
        { model: 'desk.team', pk: newId(), fields: { business_id: acme, name: 'New', nope: 1 } },
      ]
      assert.equal(await load(records, { ignoresUnknown: true }), 1)
    })

    describe('a whole business', () => {
      const exported = (business: string) => across((ctx) => gathered(exportBusiness(ctx, business)))
      const take = (records: readonly unknown[], business = newId()) =>
        across((ctx) => importBusiness(ctx, records, { business }))
      const shapeOf = (records: readonly string[]) =>
        parsed(records.slice(1)).map((record) => {
          const { model: label, fields } = record as { model: string; fields: Record<string, unknown> }
          const { name, weight, extra, at, size, level } = fields
          return JSON.stringify({ label, name, weight, extra, at, size, level, isGone: fields.deleted_at !== null })
        })

      test('is put into another under new ids, with its people found by their e-mail', async () => {
        const before = await dump()
        const original = await exported(acme)
        const copy = newId()
        await take(parsed(original), copy)
        const copied = await exported(copy)
        assert.deepEqual(shapeOf(copied).toSorted(), shapeOf(original).toSorted())
        const ids = (records: readonly string[]) =>
          parsed(records).flatMap((record) => (record as { pk?: string }).pk ?? [])
        const shared = ids(original).filter((id) => ids(copied).includes(id))
        assert.deepEqual(shared, [asha])
        assert.deepEqual(
          await dump({ all: true, business: acme }),
          before.filter((record) => record.includes(acme)),
        )
        const lead = await stage.context(copy).query(Team).with('lead').filter({ name: 'Front' }).first()
        assert.equal((lead as unknown as { lead: { person: string } }).lead.person, asha)
      })

      test('keeps references to rows of any of several models within the copy', async () => {
        const team = await stage.context(acme).query(Team).first()
        const remarks = stage.context(acme).query(Remark)
        await remarks.create({ body: 'a', subject_type: 'desk.Team', subject_id: team?.id ?? '' })
        await remarks.create({ body: 'b', subject_type: 'desk.Person', subject_id: asha })
        const copy = newId()
        await take(parsed(await exported(acme)), copy)
        const copied = await stage.context(copy).query(Remark).orderBy('body').all()
        const { id } = await stage
          .context(copy)
          .query(Team)
          .get({ name: team?.name ?? '' })
        assert.notEqual(id, team?.id)
        assert.deepEqual(
          copied.map(({ subject_id }) => subject_id),
          [id, asha],
        )
      })

      test('shows nothing of another business, and no secret of its people', async () => {
        const text = (await exported(acme)).join('\n')
        assert.doesNotMatch(text, /hidden/)
        const businesses = new Set([...text.matchAll(/"business_id":"([^"]+)"/g)].map(([, id]) => id))
        assert.deepEqual([...businesses], [acme])
      })

      test('brings people along who are not here yet, without changing those who are', async () => {
        const original = await exported(acme)
        await system().query(Person).filter({ id: asha }).update({ email: 'renamed@acme.test' })
        await take(parsed(original))
        const people = await system().query(Person).orderBy('email').all()
        assert.deepEqual(
          people.map(({ email: address, secret }) => [address, secret]),
          [
            ['asha@acme.test', null],
            ['renamed@acme.test', 'hidden'],
          ],
        )
      })

      test('that is none is refused', async () => {
        await assert.rejects(take([]), /There is nothing in it/)
        await assert.rejects(take([{ model: 'desk.team', pk: newId(), fields: {} }]), /no exported business/)
        const [header] = parsed(await exported(acme))
        const person = { model: 'desk.person', pk: newId(), fields: { email: 'a@b.co', name: 'A', secret: 'x' } }
        await assert.rejects(take([header, person]), /secret is not taken/)
        const member = { business_id: acme, person: newId(), team: newId() }
        await assert.rejects(
          take([header, { model: 'desk.member', pk: newId(), fields: member }]),
          /did not come along/,
        )
      })
    })
  })
}
