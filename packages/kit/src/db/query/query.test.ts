// size: one contract of queries, held on three databases by one set of models and rows.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Kysely } from 'kysely'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { bigInteger, boolean, choice, date, datetime, decimal, email, foreignKey, json, text } from '../fields/index.ts'
import { model, type Q, q } from '../models/index.ts'
import { AuditEntry } from './audit-entry.ts'
import type { Context } from './context.ts'
import type { Filter } from './filter-types.ts'
import type { TableOf } from './tables.ts'

const Team = model('crm.Team', { scope: 'business', fields: { name: text({ unique: true }) }, display: 'name' })
const Person = model('crm.Person', {
  scope: 'global',
  reason: 'People work for many businesses.',
  verboseNamePlural: 'people',
  fields: { email: email({ unique: true }), name: text() },
})
const Client = model('crm.Client', {
  scope: 'business',
  fields: {
    name: text({ max: 200 }),
    email: email().optional(),
    status: choice(['lead', 'active', 'archived']).default('lead'),
    owner: foreignKey(() => Person, { onDelete: 'set null' }).optional(),
    team: foreignKey(() => Team, { onDelete: 'protect' }).optional(),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    visits: bigInteger().default(0n),
    is_vip: boolean().default(false),
    tags: json<string[]>().default(() => []),
    birthday: date().optional(),
    seen_at: datetime().optional(),
  },
  unique: [['email'], ['name', 'birthday']],
  indexes: [['status', '-created_at']],
  display: 'name',
})
const Note = model('crm.Note', {
  scope: 'business',
  fields: { client: foreignKey(() => Client, { onDelete: 'cascade' }), body: text() },
})
const Counter = model('crm.Counter', { scope: 'business', id: 'bigint', softDelete: false, fields: { name: text() } })

interface CrmTables {
  readonly crm_client: TableOf<typeof Client>
}

const refusal = (code: string, errors?: Record<string, readonly string[]>) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  assert.equal(error.code, code)
  if (errors) assert.deepEqual({ ...error.errors }, errors)
  return true
}

for (const source of testStores([Team, Person, Client, Note, Counter])) {
  describe(`queries on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    let globex: Context
    let asha: string
    before(async () => {
      stage = await source.create()
      asha = (await stage.context(null).query(Person).create({ email: 'asha@acme.test', name: 'Asha' })).id
      acme = stage.context(newId(), asha)
      globex = stage.context(newId())
    })
    after(() => stage.drop())

    test('a row that is made comes back with its defaults and with what the kit keeps', async () => {
      const made = await acme
        .query(Client)
        .create({ name: ' Zoë 😀 ', owner: asha, credit: '12.5', tags: ['a'], visits: 2n ** 62n })
      assert.equal(made.name, 'Zoë 😀')
      assert.equal(made.status, 'lead')
      assert.equal(made.credit, '12.50')
      assert.equal(made.visits, 2n ** 62n)
      assert.deepEqual(made.tags, ['a'])
      assert.equal(made.is_vip, false)
      assert.equal(made.business_id, acme.business)
      assert.equal(made.created_by, asha)
      assert.ok(made.created_at instanceof Date)
      assert.equal(made.is_deleted, false)
      assert.deepEqual(await acme.query(Client).get(made.id), made)
    })

    test('every bad value is named, and nothing is written', async () => {
      const before = await acme.query(Client).count()
      const bad = { name: '', credit: 'x', status: 'vip', birthday: '2023-02-30' } as never
      await assert.rejects(
        acme.query(Client).create(bad),
        refusal('validation_failed', {
          name: ['This field may not be blank.'],
          credit: ['A valid number is required.'],
          status: ['"vip" is not a valid choice.'],
          birthday: ['Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'],
        }),
      )
      await assert.rejects(
        acme.query(Client).bulkCreate([{ name: 'Fine' }, {} as never]),
        refusal('validation_failed', { '1.name': ['This field is required.'] }),
      )
      assert.equal(await acme.query(Client).count(), before)
    })

    test('what the kit keeps cannot be set', async () => {
      await assert.rejects(acme.query(Client).create({ name: 'x', created_at: new Date() } as never), TypeError)
      await assert.rejects(
        acme
          .query(Client)
          .filter({})
          .update({ business_id: newId() } as never),
        TypeError,
      )
      await assert.rejects(acme.query(Client).create({ name: 'x', business_id: globex.business } as never), /business/)
    })

    describe('filters', () => {
      let shop: Context
      before(async () => {
        shop = stage.context(newId())
        const team = await shop.query(Team).create({ name: 'North' })
        await shop.query(Client).bulkCreate([
          {
            name: 'Alpha',
            status: 'active',
            credit: '10',
            owner: asha,
            team: team.id,
            birthday: '1990-05-17',
            seen_at: '2026-01-01T10:00:00Z',
          },
          { name: 'beta 100%', status: 'lead', credit: '20.5', visits: 5n, is_vip: true },
          { name: 'Ünïcode_!', status: 'archived', credit: '-3', birthday: '2001-01-01' },
          { name: 'alphabet', status: 'active', credit: '10.01' },
        ])
      })
      const names = async (filter: Filter<typeof Client> | Q<Filter<typeof Client>>): Promise<string[]> =>
        (await shop.query(Client).filter(filter).orderBy('name').all()).map(({ name }) => name)

      test('compare values', async () => {
        assert.deepEqual(await names({ status: 'active' }), ['Alpha', 'alphabet'])
        assert.deepEqual(await names({ credit: '10' }), ['Alpha'])
        assert.deepEqual(await names({ credit__gt: '10' }), ['alphabet', 'beta 100%'])
        assert.deepEqual(await names({ credit__lte: '10.00' }), ['Alpha', 'Ünïcode_!'])
        assert.deepEqual(await names({ credit__range: ['10', '10.01'] }), ['Alpha', 'alphabet'])
        assert.deepEqual(await names({ visits__gte: 5n }), ['beta 100%'])
        assert.deepEqual(await names({ is_vip: true }), ['beta 100%'])
        assert.deepEqual(await names({ birthday__lt: '2000-01-01' }), ['Alpha'])
        assert.deepEqual(await names({ seen_at: new Date('2026-01-01T10:00:00Z') }), ['Alpha'])
        assert.deepEqual(await names({ status__in: ['lead', 'archived'] }), ['beta 100%', 'Ünïcode_!'])
        assert.deepEqual(await names({ status__in: [] }), [])
        assert.deepEqual(await names({ birthday__isnull: true }), ['alphabet', 'beta 100%'])
        assert.deepEqual(await names({ birthday: null }), ['alphabet', 'beta 100%'])
        assert.deepEqual(await names({ owner__isnull: false }), ['Alpha'])
      })

      test('look into texts, with no pattern of their own', async () => {
        assert.deepEqual(await names({ name: 'alpha' }), [])
        assert.deepEqual(await names({ name__iexact: 'alpha' }), ['Alpha'])
        assert.deepEqual(await names({ name__contains: 'alpha' }), ['alphabet'])
        assert.deepEqual(await names({ name__icontains: 'ALPHA' }), ['Alpha', 'alphabet'])
        assert.deepEqual(await names({ name__startswith: 'Al' }), ['Alpha'])
        assert.deepEqual(await names({ name__endswith: 'bet' }), ['alphabet'])
        assert.deepEqual(await names({ name__contains: '%' }), ['beta 100%'])
        assert.deepEqual(await names({ name__icontains: '_!' }), ['Ünïcode_!'])
        assert.deepEqual(await names({ name__startswith: '*' }), [])
        assert.deepEqual(await names({ name__icontains: '\\' }), [])
        assert.deepEqual(await names({ name__endswith: '_!' }), ['Ünïcode_!'])
        assert.deepEqual(await names({ name__icontains: 'ünÏ' }), ['Ünïcode_!'])
      })

      test('follow foreign keys', async () => {
        assert.deepEqual(await names({ owner__email: 'asha@acme.test' }), ['Alpha'])
        assert.deepEqual(await names({ team__name__startswith: 'N', owner__name: 'Asha' }), ['Alpha'])
        assert.deepEqual(await names({ owner: asha }), ['Alpha'])
      })

      test('exclude drops only what is known to meet all conditions', async () => {
        const kept = await shop.query(Client).exclude({ owner__email: 'asha@acme.test' }).orderBy('name').all()
        assert.deepEqual(
          kept.map(({ name }) => name),
          ['alphabet', 'beta 100%', 'Ünïcode_!'],
        )
        const both = await shop.query(Client).exclude({ status: 'active', credit: '10' }).count()
        assert.equal(both, 3)
      })

      test('alternatives and negation go together as they are written', async () => {
        const { or, and, not } = q
        assert.deepEqual(await names(or({ status: 'lead' }, { name: 'Alpha', credit: '10' })), ['Alpha', 'beta 100%'])
        assert.deepEqual(await names(or({ status: 'lead' }, { name: 'Alpha', credit: '11' })), ['beta 100%'])
        assert.deepEqual(await names(and({ status: 'active' }, not({ name: 'Alpha' }))), ['alphabet'])
        assert.deepEqual(await names(not(or({ status: 'active' }, { is_vip: true }))), ['Ünïcode_!'])
        assert.deepEqual(await names(or({ owner__email: 'asha@acme.test' }, { visits__gt: 4n })), [
          'Alpha',
          'beta 100%',
        ])
        const twice = shop.query(Client).filter(or({ status: 'lead' }, { status: 'active' }), { credit__gt: '10' })
        assert.equal(await twice.exclude(or({ is_vip: true })).count(), 1)
        assert.equal(await twice.exclude({ is_vip: true }, { status: 'active' }).count(), 2)
        assert.equal((await shop.query(Client).get(q.not({ status__in: ['active', 'lead'] }))).name, 'Ünïcode_!')
      })

      test('no alternative is no row, and no condition is every row', async () => {
        assert.equal((await names(q.or())).length, 0)
        assert.equal((await names(q.and())).length, 4)
        assert.equal((await names(q.or({}, { status: 'lead' }))).length, 4)
        assert.equal(await shop.query(Client).filter().count(), 4)
      })

      test('what is not known is not excluded by a negation either', async () => {
        assert.deepEqual(await names(q.not({ birthday__lt: '2000-01-01' })), ['alphabet', 'beta 100%', 'Ünïcode_!'])
        assert.deepEqual(await names(q.not(q.not({ birthday__lt: '2000-01-01' }))), ['Alpha'])
      })

      test('search finds every word in one of the fields', async () => {
        assert.equal(await shop.query(Client).search('ALPHA', ['name']).count(), 2)
        assert.equal(await shop.query(Client).search('beta 100', ['name', 'email']).count(), 1)
        assert.equal(await shop.query(Client).search('"a 100"', ['name']).count(), 1)
        assert.equal(await shop.query(Client).search('north alpha', ['name', 'team__name']).count(), 1)
        assert.equal(await shop.query(Client).search('alpha nothing', ['name']).count(), 0)
      })

      test('a value that cannot be is refused by name', async () => {
        await assert.rejects(
          names({ credit: 'x' }),
          refusal('validation_failed', { credit: ['A valid number is required.'] }),
        )
        await assert.rejects(names({ name__contains: 'a\0' }), refusal('validation_failed'))
        assert.throws(() => shop.query(Client).filter({ nam: 'x' } as never), /has no field "nam"/)
        assert.throws(() => shop.query(Client).filter({ status__gt: 'x' } as never), /no lookup "gt"|has no field/)
      })

      test('pages are cut from a total order, with the exact count', async () => {
        const page = await shop.query(Client).orderBy('-status').page({ number: 2, size: 3 })
        assert.equal(page.count, 4)
        assert.equal(page.totalPages, 2)
        assert.deepEqual(
          page.rows.map(({ name }) => name),
          ['Alpha'],
        )
        const beyond = await shop.query(Client).page({ number: 9, size: 3 })
        assert.deepEqual([beyond.rows.length, beyond.count], [0, 4])
        await assert.rejects(shop.query(Client).page({ number: 0 }), RangeError)
      })

      test('empty values sort before all others', async () => {
        const rows = await shop.query(Client).orderBy('birthday', 'name').all()
        assert.deepEqual(
          rows.map(({ name }) => name),
          ['alphabet', 'beta 100%', 'Alpha', 'Ünïcode_!'],
        )
        const down = await shop.query(Client).orderBy('-birthday', 'name').all()
        assert.deepEqual(
          down.map(({ name }) => name),
          ['Ünïcode_!', 'Alpha', 'alphabet', 'beta 100%'],
        )
      })

      test('with() reads the rows pointed to along', async () => {
        const [alpha, alphabet] = await shop
          .query(Client)
          .filter({ status: 'active' })
          .orderBy('name')
          .with('owner', 'team')
          .all()
        assert.equal(alpha?.owner?.email, 'asha@acme.test')
        assert.equal(alpha?.team?.name, 'North')
        assert.equal(alphabet?.owner, null)
      })

      test('get wants one row, first and exists want any', async () => {
        await assert.rejects(shop.query(Client).get({ status: 'active' }), /more than one client/)
        await assert.rejects(shop.query(Client).get(newId()), refusal('not_found'))
        assert.equal((await shop.query(Client).orderBy('name').first())?.name, 'Alpha')
        assert.equal(await shop.query(Client).filter({ name: 'none' }).first(), null)
        assert.equal(await shop.query(Client).filter({ name: 'Alpha' }).exists(), true)
      })

      test('ctx.sql knows the models and gives their types', async () => {
        const sql = shop.sql as unknown as Kysely<CrmTables>
        const rows = await sql
          .selectFrom('crm_client')
          .select(['name', 'credit', 'visits', 'is_vip', 'tags', 'seen_at'])
          .where('name', '=', 'Alpha')
          .execute()
        assert.deepEqual(rows, [
          {
            name: 'Alpha',
            credit: '10.00',
            visits: 0n,
            is_vip: false,
            tags: [],
            seen_at: new Date('2026-01-01T10:00:00Z'),
          },
        ])
        await assert.rejects(
          sql.transaction().execute(async () => {}),
          /ctx\.transaction/,
        )
      })
    })

    describe('changes', () => {
      test('of two updates that want the same row as it was, one gets it', async () => {
        const { id } = await acme.query(Client).create({ name: 'Contested', visits: 1n })
        const take = () => acme.query(Client).filter({ id, visits: 1n }).update({ visits: 2n })
        const taken = await Promise.all([1, 2, 3, 4, 5, 6].map(take))
        assert.deepEqual(taken.toSorted(), [0, 0, 0, 0, 0, 1])
      })

      test('update and delete follow foreign keys in what they look for', async () => {
        const team = await acme.query(Team).create({ name: 'East' })
        await acme
          .query(Client)
          .bulkCreate([{ name: 'E1', team: team.id }, { name: 'E2', team: team.id }, { name: 'W' }])
        assert.equal(await acme.query(Client).filter({ team__name: 'East' }).update({ credit: '3' }), 2)
        assert.equal(await acme.query(Client).filter({ credit: '3' }).count(), 2)
        assert.equal(await acme.query(Client).filter({ team__name: 'East', name: 'E1' }).delete(), 1)
      })

      test('rows with counted ids name them all or none', async () => {
        const some = [{ name: 'a' }, { id: 77n, name: 'b' }]
        await assert.rejects(acme.query(Counter).bulkCreate(some), /all of them name their id or none/)
      })

      test('update tells how many rows it changed, and who changed them', async () => {
        const { id } = await acme.query(Client).create({ name: 'Changing' })
        assert.equal(await acme.query(Client).filter({ id }).update({ status: 'active', credit: 5 }), 1)
        const row = await acme.query(Client).get(id)
        assert.deepEqual([row.status, row.credit, row.updated_by], ['active', '5.00', asha])
        await assert.rejects(acme.query(Client).filter({ id }).update({ credit: 'x' }), refusal('validation_failed'))
      })

      test('a unique value is refused by the name of its field, in its own business only', async () => {
        await acme.query(Client).create({ name: 'One', email: 'one@acme.test' })
        await globex.query(Client).create({ name: 'One', email: 'one@acme.test' })
        const message = 'Client with this email already exists.'
        await assert.rejects(
          acme.query(Client).create({ name: 'Two', email: 'one@acme.test' }),
          refusal('conflict', { email: [message] }),
        )
        await acme.query(Client).create({ name: 'Pair', birthday: '2000-01-01' })
        await assert.rejects(
          acme.query(Client).create({ name: 'Pair', birthday: '2000-01-01' }),
          refusal('conflict', { non_field_errors: ['The fields name, birthday must make a unique set.'] }),
        )
      })

      test('of two creates of one unique value at the same time, one wins', async () => {
        const attempts = Array.from({ length: 8 }, (_, at) =>
          acme.query(Client).create({ name: `Race ${at}`, email: 'race@acme.test' }),
        )
        const outcomes = await Promise.allSettled(attempts)
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
        for (const outcome of outcomes) if (outcome.status === 'rejected') refusal('conflict')(outcome.reason)
      })

      test('a deleted row frees its unique value, and comes back only if no other took it', async () => {
        const { id } = await acme.query(Client).create({ name: 'Gone', email: 'gone@acme.test' })
        assert.equal(await acme.query(Client).filter({ id }).delete(), 1)
        assert.equal(await acme.query(Client).filter({ id }).exists(), false)
        assert.equal((await acme.query(Client).onlyDeleted().get(id)).is_deleted, true)
        const other = await acme.query(Client).create({ name: 'Other', email: 'gone@acme.test' })
        await assert.rejects(acme.query(Client).filter({ id }).restore(), refusal('conflict'))
        await acme.query(Client).filter({ id: other.id }).delete()
        assert.equal(await acme.query(Client).filter({ id }).restore(), 1)
        assert.equal((await acme.query(Client).get(id)).deleted_by, null)
      })

      test('deleting does to other rows what their foreign keys say', async () => {
        const team = await acme.query(Team).create({ name: 'South' })
        const client = await acme.query(Client).create({ name: 'Noted', team: team.id })
        await acme.query(Note).create({ client: client.id, body: 'hello' })
        await assert.rejects(
          acme.query(Team).filter({ id: team.id }).delete(),
          refusal('protected', { non_field_errors: ['Cannot delete this team: 1 client points to it.'] }),
        )
        await acme.query(Client).filter({ id: client.id }).delete()
        assert.equal(await acme.query(Note).filter({ client: client.id }).count(), 0)
        assert.equal(await acme.query(Note).onlyDeleted().filter({ client: client.id }).count(), 1)
        assert.equal(await acme.query(Team).filter({ id: team.id }).delete(), 1)
      })

      test('rows with counted ids come back with them, in order', async () => {
        const made = await acme.query(Counter).bulkCreate([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
        assert.deepEqual(
          made.map(({ name }) => name),
          ['a', 'b', 'c'],
        )
        assert.equal(made[2]?.id, (made[0]?.id ?? 0n) + 2n)
        assert.equal(
          await acme
            .query(Counter)
            .filter({ id__in: made.map(({ id }) => id) })
            .delete(),
          3,
        )
        assert.equal(await acme.query(Counter).count(), 0)
      })

      test('many rows are made at once, all or none', async () => {
        const rows = Array.from({ length: 3000 }, (_, at) => ({ name: `Bulk ${at}`, email: `bulk${at}@acme.test` }))
        const bulk = stage.context(newId())
        assert.equal((await bulk.query(Client).bulkCreate(rows)).length, 3000)
        await assert.rejects(
          bulk.query(Client).bulkCreate([{ name: 'New' }, { name: 'Old', email: 'bulk7@acme.test' }]),
          refusal('conflict'),
        )
        assert.equal(await bulk.query(Client).count(), 3000)
        assert.equal(await bulk.query(Client).filter({ name__startswith: 'Bulk 1' }).update({ status: 'active' }), 1111)
        assert.equal(await bulk.query(Client).filter({ status: 'active' }).delete(), 1111)
      })
    })

    describe('transactions', () => {
      test('all of it happens or nothing', async () => {
        await assert.rejects(
          acme.transaction(async (tx) => {
            await tx.query(Client).create({ name: 'Half' })
            throw new Error('stop')
          }),
          /stop/,
        )
        assert.equal(await acme.query(Client).filter({ name: 'Half' }).count(), 0)
      })

      test('a transaction within is a savepoint', async () => {
        await acme.transaction(async (tx) => {
          await tx.query(Client).create({ name: 'Outer' })
          const inner = tx.transaction(async (nested) => {
            await nested.query(Client).create({ name: 'Inner' })
            throw new Error('stop')
          })
          await assert.rejects(inner, /stop/)
          assert.equal(await tx.query(Client).filter({ name: 'Inner' }).count(), 0)
        })
        assert.equal(await acme.query(Client).filter({ name: 'Outer' }).count(), 1)
      })

      test('what follows the commit runs after it, and not if it never comes', async () => {
        const seen: string[] = []
        await acme.transaction(async (tx) => {
          await tx.onCommit(() => void seen.push('outer'))
          const inner = tx.transaction(async (nested) => {
            await nested.onCommit(() => void seen.push('inner'))
            throw new Error('stop')
          })
          await assert.rejects(inner)
          assert.deepEqual(seen, [])
        })
        assert.deepEqual(seen, ['outer'])
        const failing = acme.transaction(async (tx) => {
          await tx.onCommit(() => Promise.reject(new Error('after')))
          await tx.onCommit(() => void seen.push('still'))
        })
        await assert.rejects(failing, /after/)
        assert.deepEqual(seen, ['outer', 'still'])
      })
    })

    describe('businesses', () => {
      test('see only their own rows, by every way to a row', async () => {
        const { id } = await globex.query(Client).create({ name: 'Secret', email: 'secret@globex.test' })
        const query = acme.query(Client)
        assert.equal(await query.filter({ id }).count(), 0)
        assert.equal(await query.filter({ name: 'Secret' }).exists(), false)
        assert.equal(await query.search('secret', ['name', 'email']).count(), 0)
        assert.equal(await query.filter({ id }).update({ name: 'Mine' }), 0)
        assert.equal(await query.filter({ id }).delete(), 0)
        await assert.rejects(query.get(id), refusal('not_found'))
        assert.equal((await globex.query(Client).get(id)).name, 'Secret')
      })

      test('cannot point to a row of another', async () => {
        const { id } = await globex.query(Team).create({ name: 'Theirs' })
        const unknown = newId()
        const message = (key: string) =>
          refusal('validation_failed', { team: [`Invalid pk "${key}" - object does not exist.`] })
        await assert.rejects(acme.query(Client).create({ name: 'x', team: id }), message(id))
        await assert.rejects(acme.query(Client).create({ name: 'x', team: unknown }), message(unknown))
      })

      test('must be known before a row of one is touched', async () => {
        const nowhere = stage.context(null)
        await assert.rejects(nowhere.query(Client).count(), /acrossBusinesses/)
        await assert.rejects(nowhere.query(Client).create({ name: 'x' }))
      })

      test('are gone through one by one, each held inside itself', async () => {
        const counts = await acme.acrossBusinesses('a count of each', async (all) => {
          const inside = [acme, globex].map(({ business }) => all.inBusiness(business ?? ''))
          await assert.rejects(all.query(Client).create({ name: 'Whose?' }), /inBusiness/)
          return Promise.all(inside.map((ctx) => ctx.query(Client).count()))
        })
        assert.deepEqual(counts, [await acme.query(Client).count(), await globex.query(Client).count()])
        assert.throws(() => acme.inBusiness(globex.business ?? ''), /acrossBusinesses/)
      })

      test('leave a trace when they are crossed, even if what was done there is undone', async () => {
        const entries = () => stage.context(null).query(AuditEntry).filter({ reason__startswith: 'undone' }).count()
        const crossing = acme.transaction(async (tx) => {
          await tx.acrossBusinesses('undone outside', async () => {})
          const inner = tx.transaction(async (nested) => {
            await nested.acrossBusinesses('undone within', async () => {})
            throw new Error('stop')
          })
          await assert.rejects(inner, /stop/)
          throw new Error('stop')
        })
        await assert.rejects(crossing, /stop/)
        assert.equal(await entries(), 2)
      })

      test('are crossed only with a reason, which is kept', async () => {
        const before = await stage.context(null).query(AuditEntry).count()
        const count = await acme.acrossBusinesses('the yearly report', (all) =>
          all.query(Client).filter({ name: 'Secret' }).count(),
        )
        assert.equal(count, 1)
        const [entry] = await stage.context(null).query(AuditEntry).orderBy('-at').all()
        assert.equal(await stage.context(null).query(AuditEntry).count(), before + 1)
        assert.deepEqual(
          [entry?.actor, entry?.business, entry?.action, entry?.reason],
          [asha, acme.business, 'across_businesses', 'the yearly report'],
        )
        await assert.rejects(
          acme.acrossBusinesses(' ', async () => 1),
          /needs a reason/,
        )
      })
    })
  })
}
