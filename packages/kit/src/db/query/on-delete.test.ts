import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { foreignKey, integer, text } from '../fields/index.ts'
import { type AnyModel, type ModelShape, model } from '../models/index.ts'
import type { Context } from './context.ts'
import { createContext } from './create-context.ts'
import { QueryLog } from './query-log.ts'

const name = () => text({ max: 100 })
const FALLBACK = newId()
const Region = model('org.Region', { scope: 'business', fields: { name: name() }, display: 'name' })
const Team = model('org.Team', {
  scope: 'business',
  fields: {
    name: text({ max: 100, unique: true }),
    region: foreignKey(() => Region, { onDelete: 'cascade', relatedName: 'teams' }).optional(),
    parent: foreignKey('self', { onDelete: 'cascade', relatedName: 'parts' }).optional(),
    home: foreignKey(() => Region, { onDelete: 'set null', relatedName: 'home_of' }).optional(),
  },
  display: 'name',
})
const Member = model('org.Member', {
  scope: 'business',
  fields: {
    name: name(),
    team: foreignKey(() => Team, { onDelete: 'cascade' }),
    mentor: foreignKey('self', { onDelete: 'set null', relatedName: 'mentored' }).optional(),
  },
})
const Contract = model('org.Contract', {
  scope: 'business',
  fields: { title: name(), secret: text({ sensitive: true }), team: foreignKey(() => Team, { onDelete: 'protect' }) },
  display: 'title',
})
const Desk = model('org.Desk', {
  scope: 'business',
  display: 'code',
  fields: {
    code: text({ sensitive: true }),
    team: foreignKey(() => Team, { onDelete: 'cascade' }),
    region: foreignKey(() => Region, { onDelete: 'restrict' }),
  },
})
const Ticket = model('org.Ticket', {
  scope: 'business',
  fields: { team: foreignKey(() => Team, { onDelete: 'set default' }).default(FALLBACK) },
})
const Trace = model('org.Trace', {
  scope: 'business',
  fields: { team: foreignKey(() => Team, { onDelete: 'do nothing' }) },
})
// Of these nothing is kept.
const Rack = model('org.Rack', { scope: 'business', softDelete: false, fields: { name: name() } })
const Slot = model('org.Slot', {
  scope: 'business',
  softDelete: false,
  fields: { rack: foreignKey(() => Rack, { onDelete: 'set default' }).default(FALLBACK) },
})
const Box = model('org.Box', {
  scope: 'business',
  softDelete: false,
  fields: { team: foreignKey(() => Team, { onDelete: 'cascade' }) },
})
const Item = model('org.Item', {
  scope: 'business',
  fields: { box: foreignKey(() => Box, { onDelete: 'cascade' }), order: integer().default(0) },
})
const Left = model('org.Left', {
  scope: 'business',
  softDelete: false,
  fields: { right: foreignKey((): AnyModel => Right, { onDelete: 'cascade', relatedName: 'lefts' }).optional() },
})
const Right: AnyModel = model('org.Right', {
  scope: 'business',
  softDelete: false,
  fields: { left: foreignKey(() => Left, { onDelete: 'cascade', relatedName: 'rights' }) },
})
const Folder = model('org.Folder', {
  scope: 'business',
  softDelete: false,
  fields: { parent: foreignKey('self', { onDelete: 'cascade', relatedName: 'folders' }) },
})

const Partner = model('org.Partner', {
  scope: 'business',
  softDelete: false,
  fields: {
    of: foreignKey('self', { onDelete: 'cascade', relatedName: 'partners' }),
    likes: foreignKey('self', { onDelete: 'set null', relatedName: 'liked_by' }).optional(),
    rank: integer().default(0),
  },
  unique: [['of', 'rank']],
})

const MODELS = [
  Region,
  Team,
  Member,
  Contract,
  Desk,
  Ticket,
  Trace,
  Rack,
  Slot,
  Box,
  Item,
  Left,
  Right,
  Folder,
  Partner,
]

const refusal = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  assert.equal(error.code, code)
  assert.match(error.message, message)
  return true
}

for (const source of testStores(MODELS)) {
  describe(`deleting on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    before(async () => {
      stage = await source.create()
    })
    after(() => stage.drop())
    const inBusiness = (): Context => {
      acme = stage.context(newId())
      return acme
    }
    const make = async <M extends ModelShape>(of: M, values: object): Promise<string> => {
      const made = await acme.query(of).create(values as never)
      return String((made as { id: unknown }).id)
    }
    const alive = (of: ModelShape): Promise<number> => acme.query(of).count()
    const remove = (of: ModelShape, id: string): Promise<number> =>
      acme
        .query(of)
        .filter({ id } as never)
        .delete()
    const restore = (of: ModelShape, id: string): Promise<number> =>
      acme
        .query(of)
        .filter({ id } as never)
        .restore()

    test('takes along, level by level, what cascades, and restore brings back just that', async () => {
      inBusiness()
      const region = await make(Region, { name: 'North' })
      const team = await make(Team, { name: 'Red', region, home: region })
      const part = await make(Team, { name: 'Crimson', parent: team })
      const gone = await make(Member, { name: 'Gone before', team })
      await make(Member, { name: 'Asha', team })
      await make(Member, { name: 'Ben', team: part })
      const elsewhere = await make(Team, { name: 'Blue', home: region })
      await remove(Member, gone)

      assert.equal(await remove(Region, region), 1)
      assert.deepEqual([await alive(Region), await alive(Team), await alive(Member)], [0, 1, 0])
      assert.equal((await acme.query(Team).get(elsewhere)).home, null)
      const binned = await acme.query(Team).onlyDeleted().all()
      const { deletion_id } = await acme.query(Region).onlyDeleted().get(region)
      assert.ok(deletion_id)
      assert.deepEqual(new Set(binned.map((row) => row.deletion_id)), new Set([deletion_id]))

      assert.equal(await restore(Region, region), 1)
      assert.deepEqual([await alive(Region), await alive(Team), await alive(Member)], [1, 3, 2])
      const back = await acme.query(Team).get(team)
      assert.deepEqual([back.home, back.deleted_at, back.deletion_id], [region, null, null])
      assert.deepEqual(
        (await acme.query(Member).onlyDeleted().all()).map((row) => row.id),
        [gone],
      )
    })

    test('a row does not come back to a parent in the bin', async () => {
      inBusiness()
      const team = await make(Team, { name: 'Red' })
      const member = await make(Member, { name: 'Asha', team })
      await remove(Team, team)
      await assert.rejects(
        restore(Member, member),
        refusal(
          'conflict',
          /^Cannot restore this member: the team that it points to is deleted\. Restore that first\.$/,
        ),
      )
      assert.equal(
        await acme
          .query(Member)
          .onlyDeleted()
          .restore()
          .catch(() => -1),
        -1,
      )
      assert.equal(await restore(Team, team), 1)
      assert.equal(await alive(Member), 1)
    })

    test('parents and children come back together, however many and however they are found', async () => {
      inBusiness()
      const region = await make(Region, { name: 'North' })
      const parents = Array.from({ length: 600 }, (_, at) => ({ id: newId(), name: `P${at}`, home: region }))
      // Their ids are earlier than those of their parents.
      const children = parents.map(({ id: parent }, at) => ({ name: `C${at}`, home: region, parent }))
      const early = children.map((child) => ({ ...child, id: `00000000${newId().slice(8)}` }))
      await acme.query(Team).bulkCreate(parents)
      await acme.query(Team).bulkCreate(early)
      await acme.query(Team).filter({ home__name: 'North', parent__isnull: false }).delete()
      await acme.query(Team).filter({ home__name: 'North' }).delete()
      assert.equal(await alive(Team), 0)
      assert.equal(await acme.query(Team).onlyDeleted().filter({ home__name: 'North' }).restore(), 1200)
      assert.equal(await alive(Team), 1200)
    })

    test('nothing comes back if one of its rows cannot', async () => {
      inBusiness()
      const region = await make(Region, { name: 'North' })
      await make(Team, { name: 'Red', region })
      await remove(Region, region)
      await make(Team, { name: 'Red' })
      await assert.rejects(restore(Region, region), refusal('conflict', /Team with this name already exists/))
      assert.deepEqual([await alive(Region), await alive(Team)], [0, 1])
    })

    test('is refused by rows that protect, which are named as far as they may be seen', async () => {
      inBusiness()
      const region = await make(Region, { name: 'North' })
      const team = await make(Team, { name: 'Red', region })
      for (let at = 0; at < 12; at++) await make(Contract, { title: `Deal ${at}`, secret: 'x', team })
      await make(Desk, { code: 'D1', team: await make(Team, { name: 'Blue' }), region })
      const message = 'Cannot delete this region: 12 contracts and 1 desk point to it or to what would go with it.'
      await assert.rejects(remove(Region, region), (error: unknown) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 'protected')
        assert.deepEqual({ ...error.errors }, { non_field_errors: [message] })
        const [contracts, desks] = error.meta.protected_by as { rows: { display: string | null }[]; count: number }[]
        assert.deepEqual([contracts?.count, contracts?.rows.length], [12, 10])
        // The first that were made, in that order.
        const first = Array.from({ length: 10 }, (_, at) => `Deal ${at}`)
        assert.deepEqual(
          contracts?.rows.map(({ display }) => display),
          first,
        )
        assert.deepEqual(
          { ...desks, rows: desks?.rows.map(({ display }) => display) },
          {
            model: 'org.Desk',
            field: 'region',
            count: 1,
            rows: [null],
          },
        )
        return true
      })
      assert.deepEqual([await alive(Region), await alive(Team)], [1, 2])
    })

    test('restricts only what does not go along itself', async () => {
      inBusiness()
      const region = await make(Region, { name: 'North' })
      const team = await make(Team, { name: 'Red', region })
      const desk = await make(Desk, { code: 'D1', team, region })
      assert.equal(await remove(Region, region), 1)
      assert.equal(await alive(Desk), 0)
      await restore(Region, region)
      assert.equal((await acme.query(Desk).get(desk)).region, region)
    })

    test('a row in the bin protects nothing', async () => {
      inBusiness()
      const team = await make(Team, { name: 'Red' })
      await remove(Contract, await make(Contract, { title: 'x', secret: 'x', team }))
      assert.equal(await remove(Team, team), 1)
    })

    test('sets keys to their default, if the row that it names is there and stays', async () => {
      inBusiness()
      await make(Team, { id: FALLBACK, name: 'Pool' })
      const team = await make(Team, { name: 'Red' })
      const ticket = await make(Ticket, { team })
      await remove(Team, team)
      assert.equal((await acme.query(Ticket).get(ticket)).team, FALLBACK)
      await assert.rejects(remove(Team, FALLBACK), refusal('protected', /fall back to a team that is not there/))
      assert.equal(await alive(Team), 1)
    })

    test('sets no key to a default that goes for good along with the rest', async () => {
      inBusiness()
      await make(Rack, { id: FALLBACK, name: 'Spare' })
      const slot = await make(Slot, { rack: await make(Rack, { name: 'Left' }) })
      await assert.rejects(
        acme.query(Rack).delete(),
        refusal('protected', /slots that point to it fall back to a rack/),
      )
      await acme.query(Rack).exclude({ id: FALLBACK }).delete()
      assert.equal((await acme.query(Slot).get(slot)).rack, FALLBACK)
    })

    test('leaves alone what is to be left alone', async () => {
      inBusiness()
      const team = await make(Team, { name: 'Red' })
      const trace = await make(Trace, { team })
      await remove(Team, team)
      assert.equal((await acme.query(Trace).get(trace)).team, team)
    })

    test('is for good where nothing is kept, and for what points there', async () => {
      inBusiness()
      const team = await make(Team, { name: 'Red' })
      const box = await make(Box, { team })
      await remove(Item, await make(Item, { box }))
      await make(Item, { box, order: 1 })
      await remove(Team, team)
      assert.equal(await acme.query(Item).withDeleted().count(), 0)
      assert.equal(await alive(Box), 0)
      assert.equal(await restore(Team, team), 1)
    })

    test('gets to the end of circles', async () => {
      inBusiness()
      const left = await make(Left, {})
      const right = await make(Right, { left })
      await acme
        .query(Left)
        .filter({ id: left })
        .update({ right } as never)
      assert.equal(await remove(Left, left), 1)
      assert.deepEqual([await alive(Left), await alive(Right)], [0, 0])

      const root = newId()
      await make(Folder, { id: root, parent: root })
      const inner = await make(Folder, { parent: root })
      const innermost = await make(Folder, { parent: inner })
      await make(Folder, { parent: innermost })
      assert.equal(await remove(Folder, inner), 1)
      assert.equal(await alive(Folder), 1)
      assert.equal(await remove(Folder, root), 1)
      assert.equal(await alive(Folder), 0)

      const first = await make(Team, { name: 'A' })
      const second = await make(Team, { name: 'B', parent: first })
      await acme.query(Team).filter({ id: first }).update({ parent: second })
      assert.equal(await remove(Team, first), 1)
      assert.equal(await alive(Team), 0)
      assert.equal(await restore(Team, second), 1)
      assert.equal(await alive(Team), 2)
    })

    test('takes rows that point to themselves, or to each other by keys that may not be empty', async () => {
      inBusiness()
      const [first, second, third, other] = [newId(), newId(), newId(), newId()]
      for (const id of [first, other]) await make(Folder, { id, parent: id })
      for (const id of [second, third]) await make(Folder, { id, parent: first })
      const move = (id: string, parent: string) => acme.query(Folder).filter({ id }).update({ parent })
      await move(second, third)
      await move(first, second)
      const leaf = await make(Folder, { parent: third })
      assert.equal(await remove(Folder, leaf), 1)
      assert.equal(await remove(Folder, third), 1)
      assert.deepEqual(
        (await acme.query(Folder).all()).map(({ id }) => id),
        [other],
      )
      const [one, two] = [newId(), newId()]
      await make(Partner, { id: one, of: one, likes: one })
      await make(Partner, { id: two, of: two })
      await acme.query(Partner).filter({ id: one }).update({ of: two, rank: 1, likes: two })
      await acme.query(Partner).filter({ id: two }).update({ of: one, rank: 1, likes: two })
      assert.equal(await remove(Partner, one), 1)
      assert.equal(await alive(Partner), 0)
      await make(Partner, { id: one, of: one, likes: one })
      assert.equal(await remove(Partner, one), 1)
    })

    test('takes as many statements for a thousand rows as for ten', async () => {
      const statements = async (rows: number): Promise<number[]> => {
        inBusiness()
        const region = await make(Region, { name: 'North' })
        const teams = await acme
          .query(Team)
          .bulkCreate(Array.from({ length: rows }, (_, at) => ({ name: `T${at}`, region, home: region })))
        await acme.query(Member).bulkCreate(teams.map(({ id }) => ({ name: 'x', team: id })))
        const counted = async (work: (ctx: Context) => Promise<unknown>): Promise<number> => {
          const queryLog = new QueryLog({ target: { warn: () => undefined }, slowMs: 0, findsRepeats: false })
          await work(createContext(stage.store, { actor: null, business: acme.business, requestId: 'test', queryLog }))
          return queryLog.count
        }
        const deleting = await counted((ctx) => ctx.query(Region).filter({ id: region }).delete())
        assert.deepEqual([await alive(Team), await alive(Member)], [0, 0])
        const restoring = await counted((ctx) => ctx.query(Region).filter({ id: region }).restore())
        assert.deepEqual([await alive(Team), await alive(Member)], [rows, rows])
        return [deleting, restoring]
      }
      assert.deepEqual(await statements(500), await statements(10))
    })

    test('knows nothing of other businesses', async () => {
      inBusiness()
      const team = await make(Team, { name: 'Red' })
      await make(Member, { name: 'Asha', team })
      const other = stage.context(newId())
      assert.equal(await other.query(Team).filter({ id: team }).delete(), 0)
      assert.equal(await alive(Team), 1)
      await remove(Team, team)
      assert.equal(await other.query(Team).filter({ id: team }).restore(), 0)
      assert.equal(await alive(Team), 0)
    })

    test('a row that is made while its parent is deleted goes with it or is refused', async () => {
      inBusiness()
      for (let at = 0; at < 6; at++) {
        const team = await make(Team, { name: `Team ${at}` })
        const other = await make(Team, { name: `Other ${at}` })
        const moved = await make(Member, { name: 'moved', team: other })
        const [removed] = await Promise.allSettled([
          remove(Team, team),
          ...[1, 2, 3].map(() => acme.query(Member).create({ name: 'new', team })),
          acme.query(Member).filter({ id: moved }).update({ team }),
        ])
        assert.equal(removed.status, 'fulfilled')
        assert.equal(await acme.query(Member).filter({ team }).count(), 0)
      }
    })

    test('a row does not come back while its parent goes', async () => {
      inBusiness()
      for (let at = 0; at < 6; at++) {
        const team = await make(Team, { name: `Team ${at}` })
        const member = await make(Member, { name: 'x', team })
        await remove(Member, member)
        const [removed] = await Promise.allSettled([remove(Team, team), restore(Member, member)])
        assert.equal(removed.status, 'fulfilled')
        assert.equal(await acme.query(Member).filter({ team }).count(), 0)
      }
    })
  })
}
