import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { datetime, decimal, foreignKey, integer, text } from '../fields/index.ts'
import { model } from '../models/index.ts'
import type { Context } from './context.ts'

const Genre = model('music.Genre', { scope: 'business', fields: { name: text() } })
const Song = model('music.Song', {
  scope: 'business',
  fields: {
    title: text(),
    genre: foreignKey(() => Genre, { onDelete: 'cascade' }).optional(),
    rating: integer().optional(),
    price: decimal({ digits: 8, places: 2 }).default('1'),
    played_at: datetime().optional(),
  },
  ordering: ['title'],
})

const notFound = (error: unknown) => error instanceof ApiError && error.code === 'not_found'

for (const source of testStores([Genre, Song])) {
  describe(`steps of a query on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
      const globex = stage.context(newId())
      const folk = await acme.query(Genre).create({ name: 'Folk' })
      await acme
        .query(Song)
        .bulkCreate([
          { title: 'a', rating: 1, genre: folk.id, played_at: new Date('2026-01-01T00:00:00.5Z') },
          { title: 'b', rating: 3, price: '2.50' },
          { title: 'c' },
          { title: 'd', rating: 3, genre: folk.id, played_at: new Date('2026-02-01T00:00:00Z') },
          { title: 'e' },
        ])
      await acme.query(Song).filter({ title: 'e' }).delete()
      await globex.query(Song).bulkCreate([{ title: 'theirs', rating: 3 }])
    })
    after(() => stage.drop())

    const songs = () => acme.query(Song)
    const titles = (rows: readonly { readonly title: string }[]): string => rows.map(({ title }) => title).join('')

    test('the last row, the other way round, none, and rows by their ids', async () => {
      assert.equal((await songs().last())?.title, 'd')
      assert.equal(titles(await songs().reverse().all()), 'dcba')
      assert.equal(titles(await songs().orderBy('-rating', 'title').reverse().all()), 'cadb')
      assert.equal(await songs().none().first(), null)
      assert.equal((await songs().earliest('rating', 'title')).title, 'c')
      assert.equal((await songs().latest('played_at')).title, 'd')
      await assert.rejects(songs().none().latest('played_at'), notFound)
      const all = await acme.query(Song).withDeleted().all()
      const found = await songs().inBulk([...all.map(({ id }) => id), newId()])
      assert.equal(titles([...found.values()].sort((left, right) => (left.title < right.title ? -1 : 1))), 'abcd')
    })

    test('queries on one model are put together', async () => {
      const rated = songs().filter({ rating: 3 })
      const folk = songs().filter({ genre__name: 'Folk' })
      assert.equal(titles(await rated.union(folk).all()), 'abd')
      assert.equal(titles(await rated.intersect(folk).all()), 'd')
      assert.equal(titles(await rated.difference(folk).all()), 'b')
      assert.equal(
        titles(
          await songs()
            .difference(folk.filter({ rating: 3 }))
            .all(),
        ),
        'abc',
      )
      assert.equal(titles(await rated.union(songs().onlyDeleted()).reverse().all()), 'edb')
      assert.equal(await rated.union(folk).filter({ title__gt: 'a' }).count(), 2)
      assert.equal(await songs().withDeleted().difference(songs()).count(), 1)
      // @ts-expect-error a genre is no song
      assert.throws(() => rated.union(acme.query(Genre)), /Cannot combine queries on music.Song and music.Genre/)
      assert.throws(() => rated.union(stage.context(newId()).query(Song)), /two businesses/)
    })

    describe('iterating', () => {
      const orders = [
        ['title'],
        ['rating', 'title'],
        ['-rating'],
        ['-played_at', 'rating'],
        ['genre__name', '-title'],
        ['-price'],
      ] as const

      test('gives the rows in order, whatever the size of a chunk', async () => {
        for (const order of orders) {
          const query = songs().orderBy(...order)
          const expected = titles(await query.all())
          for (const size of [1, 2, 3, 100]) {
            const rows: { readonly title: string }[] = []
            for await (const row of query.iterate({ size })) rows.push(row)
            assert.equal(titles(rows), expected, `${order.join()} by ${size}`)
          }
        }
        await assert.rejects(songs().iterate({ size: 0 }).next(), RangeError)
      })

      test('is not confused by rows that come and go meanwhile', async () => {
        const ctx = stage.context(newId())
        await ctx.query(Song).bulkCreate(['b', 'd', 'f', 'h'].map((title) => ({ title })))
        const seen: string[] = []
        for await (const { title } of ctx.query(Song).iterate({ size: 1 })) {
          seen.push(title)
          if (title === 'd') await ctx.query(Song).bulkCreate([{ title: 'a' }, { title: 'g' }])
          if (title === 'f') await ctx.query(Song).filter({ title: 'b' }).delete()
        }
        assert.equal(seen.join(''), 'bdfgh')
      })

      test('reads one chunk at a time, and nothing after a break', async () => {
        const ctx = stage.context(newId())
        await ctx.query(Song).bulkCreate(Array.from({ length: 10 }, (_, at) => ({ title: `t${at}` })))
        const statements = { count: 0 }
        await ctx.transaction(async (tx) => {
          const execute = tx.executor.execute.bind(tx.executor)
          const counted = Object.assign(Object.create(tx.executor), {
            execute: (...given: Parameters<typeof execute>) => {
              statements.count++
              return execute(...given)
            },
          })
          Object.defineProperty(tx, 'executor', { value: counted })
          let rows = 0
          for await (const row of tx.query(Song).iterate({ size: 3 })) {
            rows += row.title.length > 0 ? 1 : 0
            assert.equal(statements.count, Math.ceil(rows / 3))
            if (rows === 5) break
          }
        })
        assert.equal(statements.count, 2)
      })
    })

    test('the database tells how it would read the rows', async () => {
      const query = songs().filter({ title: 'a' }).orderBy('rating')
      assert.match(await query.explain(), /music_song|t0/)
      if (source.name === 'sqlite') await assert.rejects(query.explain({ analyze: true }), /only tells its plan/)
      else assert.match(await query.explain({ analyze: true }), /time/)
    })
  })
}
