import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { ApiError, newId, validationError } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { foreignKey, integer, text } from '../fields/index.ts'
import { f, model } from '../models/index.ts'
import type { Context } from './context.ts'
import { hooks } from './hooks.ts'

const Author = model('press.Author', { scope: 'business', fields: { name: text() } })
const Book = model('press.Book', {
  scope: 'business',
  version: true,
  fields: {
    title: text({ unique: true }),
    shout: text({ blank: true }).default(''),
    copies: integer().default(1),
    author: foreignKey(() => Author, { onDelete: 'cascade' }).optional(),
    editor: foreignKey(() => Author, { onDelete: 'set null', relatedName: 'edited' }).optional(),
  },
})
const Trail = model('press.Trail', { scope: 'business', softDelete: false, fields: { line: text() } })
const Loop = model('press.Loop', { scope: 'business', fields: { size: integer() } })

const events: string[] = []
const declared = [
  hooks(Book, {
    beforeCreate: (_ctx, { values }) => ({ ...values, shout: values.title.toUpperCase() }),
    afterCreate: async (ctx, { row }) => {
      await ctx.query(Trail).create({ line: `made ${row.title} ${row.shout}` })
    },
    beforeUpdate: (_ctx, { before: row, values }) => {
      if (values.title === 'forbidden') throw validationError({ title: ['Not this title.'] })
      return { ...values, shout: `${row.title} changes` }
    },
    afterUpdate: async (ctx, { before: was, after: is }) => {
      await ctx.query(Trail).create({ line: `${was.title} ${was.copies} to ${is.title} ${is.copies}` })
    },
    beforeDelete: (_ctx, { row }) => {
      if (row.copies > 100) throw new ApiError('conflict', { message: 'Too many copies.' })
    },
    afterDelete: async (ctx, { row }) => {
      await ctx.query(Trail).create({ line: `gone ${row.title}` })
    },
    beforeRestore: (_ctx, { row }) => {
      if (row.copies === 13) throw new ApiError('conflict', { message: 'Never again.' })
    },
    afterRestore: async (ctx, { row }) => {
      await ctx.query(Trail).create({ line: `back ${row.title} ${row.is_deleted}` })
    },
    onCommit: (ctx, { kind, before: was, after: is }) => {
      events.push(`${kind} ${was?.title ?? '-'} ${is?.title ?? '-'} ${ctx.isInTransaction}`)
    },
  }),
  hooks(Loop, {
    afterCreate: async (ctx, { row }) => {
      await ctx.query(Loop).create({ size: row.size + 1 })
    },
  }),
]

const refused = (code: string) => (error: unknown) => error instanceof ApiError && error.code === code

for (const source of testStores([Author, Book, Trail, Loop], { hooks: declared })) {
  describe(`hooks on ${source.name}`, () => {
    let stage: ThrowawayStore
    let ctx: Context
    before(async () => {
      stage = await source.create()
    })
    beforeEach(() => {
      ctx = stage.context(newId())
      events.length = 0
    })
    after(() => stage.drop())
    const trail = async () => ctx.query(Trail).pluck('line').orderBy('id').all()

    test('complete what is made, see it in its transaction, and are told after the commit', async () => {
      await ctx.transaction(async (tx) => {
        const made = await tx.query(Book).create({ title: 'a' })
        assert.equal(made.shout, 'A')
        assert.deepEqual(events, [])
        assert.equal(await tx.query(Trail).count(), 1)
      })
      assert.deepEqual(events, ['create - a false'])
      await ctx.query(Book).bulkCreate([{ title: 'b' }, { title: 'c' }])
      assert.deepEqual(await trail(), ['made a A', 'made b B', 'made c C'])
    })

    test('see rows before and after they change, in every way that they can', async () => {
      const [one, two] = await ctx.query(Book).bulkCreate([{ title: 'a' }, { title: 'b' }])
      await ctx.query(Trail).filter({}).delete()
      assert.equal(await ctx.query(Book).update({ copies: f('copies').plus(1) }), 2)
      assert.equal((await ctx.query(Book).get(one?.id ?? '')).shout, 'a changes')
      await ctx.query(Book).updateOne(one?.id ?? '', { title: 'aa' }, { version: 2 })
      await assert.rejects(
        ctx.query(Book).updateOne(one?.id ?? '', { title: 'x' }, { version: 2 }),
        refused('precondition_failed'),
      )
      await ctx.query(Book).bulkUpdate([{ id: two?.id ?? '', copies: 7 }], ['copies'])
      await ctx.query(Book).upsert(
        [
          { title: 'b', copies: 8 },
          { title: 'n', copies: 1 },
        ],
        { unique: ['title'] },
      )
      await ctx.query(Book).updateOrCreate({ title: 'b' }, { copies: 9 })
      assert.deepEqual(
        (await trail()).toSorted(),
        ['a 1 to a 2', 'a 2 to aa 2', 'b 1 to b 2', 'b 2 to b 7', 'b 7 to b 8', 'b 8 to b 9', 'made n N'].toSorted(),
      )
    })

    test('that throw undo everything', async () => {
      const [book] = await ctx.query(Book).bulkCreate([{ title: 'a' }, { title: 'b', copies: 200 }])
      await ctx.query(Trail).filter({}).delete()
      events.length = 0
      await assert.rejects(
        ctx
          .query(Book)
          .filter({ id: book?.id ?? '' })
          .update({ title: 'forbidden' }),
        refused('validation_failed'),
      )
      await assert.rejects(ctx.query(Book).filter({}).delete(), refused('conflict'))
      await assert.rejects(ctx.query(Book).create({ title: 'a' }), refused('conflict'))
      assert.equal(await ctx.query(Book).count(), 2)
      assert.deepEqual([await trail(), events], [[], []])
    })

    test('are told of what goes and comes back, along with other rows too', async () => {
      const author = await ctx.query(Author).create({ name: 'Asha' })
      const [own, edited] = await ctx.query(Book).bulkCreate([
        { title: 'own', author: author.id },
        { title: 'edited', editor: author.id },
      ])
      await ctx.query(Trail).filter({}).delete()
      events.length = 0
      await ctx.query(Author).filter({ id: author.id }).delete()
      assert.deepEqual((await trail()).toSorted(), ['edited 1 to edited 1', 'gone own'])
      assert.deepEqual(events.toSorted(), ['delete own - false', 'update edited edited false'])
      assert.equal((await ctx.query(Book).get(edited?.id ?? '')).editor, null)
      await ctx.query(Author).onlyDeleted().filter({ id: author.id }).restore()
      await ctx
        .query(Book)
        .onlyDeleted()
        .filter({ id: own?.id ?? '' })
        .restore()
      assert.ok((await trail()).includes('back own false'))
      await ctx
        .query(Book)
        .filter({ id: edited?.id ?? '' })
        .update({ copies: 13 })
      await ctx
        .query(Book)
        .filter({ id: edited?.id ?? '' })
        .delete()
      await assert.rejects(
        ctx
          .query(Book)
          .onlyDeleted()
          .filter({ id: edited?.id ?? '' })
          .restore(),
        refused('conflict'),
      )
    })

    test('do not touch another business', async () => {
      const { id } = await ctx.query(Book).create({ title: 'mine' })
      const other = stage.context(newId())
      events.length = 0
      assert.equal(await other.query(Book).filter({ id }).update({ title: 'theirs' }), 0)
      assert.equal(await other.query(Book).filter({ id }).delete(), 0)
      await assert.rejects(other.query(Book).updateOne(id, { title: 'x' }), refused('not_found'))
      assert.deepEqual(events, [])
      assert.equal(await other.query(Trail).count(), 0)
    })

    test('that call each other in a circle are stopped', async () => {
      await assert.rejects(ctx.query(Loop).create({ size: 1 }), /The hooks of press.Loop run in a circle/)
      assert.equal(await ctx.query(Loop).count(), 0)
    })

    test('cost models without them nothing', async () => {
      const statements: string[] = []
      const execute = ctx.executor.execute.bind(ctx.executor)
      const counted = {
        execute: (...given: Parameters<typeof execute>) => {
          statements.push(given[0].sql)
          return execute(...given)
        },
        pipeline: ctx.executor.pipeline.bind(ctx.executor),
      }
      Object.defineProperty(ctx, 'executor', { value: counted })
      const { id } = await ctx.query(Trail).create({ line: 'x' })
      await ctx.query(Trail).filter({ id }).update({ line: 'y' })
      assert.equal(statements.length, source.name === 'mysql' ? 3 : 2)
    })
  })
}
