import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { foreignKey, integer, text } from '../fields/index.ts'
import { type AnyModel, type ManyRelated, manyToMany, model } from '../models/index.ts'
import type { Context } from './context.ts'

const Tag = model('blog.Tag', { scope: 'business', id: 'bigint', fields: { name: text() } })
const Author = model('blog.Author', {
  scope: 'business',
  fields: {
    name: text(),
    friends: manyToMany('self'),
    rivals: manyToMany('self', { through: (): AnyModel => Rivalry, throughFields: ['one', 'other'] }),
  },
})
const Rivalry = model('blog.Rivalry', {
  scope: 'business',
  fields: {
    one: foreignKey(() => Author, { onDelete: 'cascade', relatedName: false }),
    other: foreignKey(() => Author, { onDelete: 'cascade', relatedName: false }),
    heat: integer().default(1),
  },
  unique: [['one', 'other']],
})
const Post = model('blog.Post', {
  scope: 'business',
  fields: {
    title: text(),
    tags: manyToMany(() => Tag, { relatedName: 'posts' }),
    see_also: manyToMany('self', { symmetrical: false, relatedName: 'seen_from' }),
    authors: manyToMany(() => Author, { through: (): AnyModel => Authorship, relatedName: 'posts' }),
  },
})
const Authorship = model('blog.Authorship', {
  scope: 'business',
  fields: {
    post: foreignKey(() => Post, { onDelete: 'cascade' }),
    author: foreignKey(() => Author, { onDelete: 'cascade' }),
    share: integer().default(100),
  },
  unique: [['post', 'author']],
})

declare module '../models/related-names.ts' {
  interface RelatedNames {
    'blog.Tag': { posts: ManyRelated<typeof Post> }
  }
}

for (const source of testStores([Tag, Author, Rivalry, Post, Authorship])) {
  describe(`many-to-many relations on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    let post: string
    let tags: bigint[]
    before(async () => {
      stage = await source.create()
    })
    after(() => stage.drop())
    const begin = async (): Promise<void> => {
      acme = stage.context(newId())
      post = (await acme.query(Post).create({ title: 'One' })).id
      tags = (await acme.query(Tag).bulkCreate(['a', 'b', 'c'].map((name) => ({ name })))).map(({ id }) => id)
    }
    const [a, b, c] = [() => tags[0] ?? 0n, () => tags[1] ?? 0n, () => tags[2] ?? 0n]
    const tied = (): Promise<bigint[]> => acme.links(Post, post, 'tags').ids()
    const refused =
      (code: string, errors: Record<string, readonly string[]> = {}) =>
      (error: unknown) => {
        assert.ok(error instanceof ApiError, String(error))
        assert.equal(error.code, code)
        assert.deepEqual({ ...error.errors }, errors)
        return true
      }

    test('are added to, taken from, set and cleared, and read from both sides', async () => {
      await begin()
      const links = acme.links(Post, post, 'tags')
      await links.add([b(), a(), b()])
      await links.add([a()])
      assert.deepEqual(await tied(), [a(), b()])
      assert.deepEqual(
        (await links.all()).map(({ name }) => name),
        ['a', 'b'],
      )
      await links.remove([a(), c()])
      assert.deepEqual(await tied(), [b()])
      await links.set([c(), a()])
      assert.deepEqual(await tied(), [a(), c()])
      assert.deepEqual(await acme.links(Tag, a(), 'posts').ids(), [post])
      await acme.links(Tag, b(), 'posts').add([post])
      assert.deepEqual(await tied(), [a(), b(), c()])
      await links.clear()
      assert.deepEqual(await tied(), [])
    })

    test('lead from a model to itself one way', async () => {
      await begin()
      const other = (await acme.query(Post).create({ title: 'Two' })).id
      await acme.links(Post, post, 'see_also').add([other, post])
      assert.deepEqual(await acme.links(Post, post, 'see_also').ids(), [post, other].sort())
      assert.deepEqual(await acme.links(Post, other, 'see_also').ids(), [])
    })

    const authors = async (): Promise<readonly [string, string, string]> => {
      const made = await acme.query(Author).bulkCreate(['Asha', 'Ben', 'Caro'].map((name) => ({ name })))
      const [asha = '', ben = '', caro = ''] = made.map(({ id }) => id)
      return [asha, ben, caro]
    }

    test('hold both ways from a model to itself, however they are changed and read', async () => {
      await begin()
      const [asha, ben, caro] = await authors()
      const friends = (id: string) => acme.links(Author, id, 'friends')
      const all = () => Promise.all([asha, ben, caro].map((id) => friends(id).ids()))
      await friends(asha).add([ben, asha])
      await friends(ben).add([asha])
      assert.deepEqual(await all(), [[asha, ben], [asha], []])
      const ofBen = acme.query(Author).filter({ friends__name: 'Ben' })
      assert.deepEqual(await ofBen.pluck('id').all(), [asha])
      const loaded = await acme.query(Author).filter({ id: ben }).with('friends').all()
      assert.deepEqual(
        loaded[0]?.friends.map(({ name }) => name),
        ['Asha'],
      )
      await friends(caro).set([asha, ben])
      assert.deepEqual(await all(), [
        [asha, ben, caro],
        [asha, caro],
        [asha, ben],
      ])
      await friends(ben).set([caro])
      assert.deepEqual(await all(), [[asha, caro], [caro], [asha, ben]])
      await friends(asha).remove([caro, ben, asha])
      assert.deepEqual(await all(), [[], [caro], [ben]])
      await friends(caro).clear()
      assert.deepEqual(await all(), [[], [], []])
    })

    test('hold both ways over a model of its own, and in the bin', async () => {
      await begin()
      const [asha, ben, caro] = await authors()
      await acme.links(Author, asha, 'rivals').add([ben, caro], { heat: 7 })
      const heats = await acme.query(Rivalry).filter({ other: asha }).pluck('heat').all()
      assert.deepEqual(heats, [7, 7])
      await acme.query(Author).filter({ id: ben }).delete()
      assert.deepEqual(await acme.links(Author, asha, 'rivals').ids(), [caro])
      await acme.query(Author).filter({ id: ben }).restore()
      assert.deepEqual(await acme.links(Author, ben, 'rivals').ids(), [asha])
      await acme.links(Author, caro, 'rivals').clear()
      assert.deepEqual(await acme.links(Author, asha, 'rivals').ids(), [ben])
    })

    test('hold both ways also if both sides change them at the same time', async () => {
      await begin()
      const [asha, ben, caro] = await authors()
      const friends = (id: string) => acme.links(Author, id, 'friends')
      for (let at = 0; at < 4; at++) {
        await Promise.all([
          friends(asha).add([ben, caro]),
          friends(ben).add([caro, asha]),
          friends(caro).set([ben, asha]),
        ])
        assert.deepEqual(await Promise.all([asha, ben, caro].map((id) => friends(id).ids())), [
          [ben, caro],
          [asha, caro],
          [asha, ben],
        ])
        await Promise.all([friends(asha).remove([ben]), friends(ben).set([]), friends(caro).add([asha])])
        const [ofAsha, ofBen, ofCaro] = await Promise.all([asha, ben, caro].map((id) => friends(id).ids()))
        assert.deepEqual([ofAsha, ofBen, ofCaro], [[caro], [], [asha]])
      }
    })

    test('go over a model of its own, with values of its own', async () => {
      await begin()
      const author = (await acme.query(Author).create({ name: 'Asha' })).id
      await acme.links(Post, post, 'authors').add([author], { share: 60 })
      await acme.links(Post, post, 'authors').add([author], { share: 10 })
      assert.deepEqual(
        (await acme.query(Authorship).all()).map(({ share }) => share),
        [60],
      )
      await acme.links(Post, post, 'authors').clear()
      await acme.links(Post, post, 'authors').set([author])
      assert.equal(await acme.query(Authorship).count(), 1)
    })

    test('are refused to what is not there, in the same words whatever the reason, and nothing is changed', async () => {
      await begin()
      const other = stage.context(newId())
      const foreign = (await other.query(Tag).create({ name: 'foreign' })).id
      const binned = (await acme.query(Tag).create({ name: 'gone' })).id
      await acme.query(Tag).filter({ id: binned }).delete()
      for (const id of [foreign, binned, 10n ** 15n]) {
        const missing = { tags: [`Invalid pk "${id}" - object does not exist.`] }
        await assert.rejects(acme.links(Post, post, 'tags').set([a(), id]), refused('validation_failed', missing))
      }
      assert.deepEqual(await tied(), [])
      await assert.rejects(acme.links(Post, newId(), 'tags').add([a()]), refused('not_found'))
      await assert.rejects(other.links(Post, post, 'tags').add([foreign]), refused('not_found'))
      await acme.links(Post, post, 'tags').add([a()])
      assert.deepEqual(await other.links(Post, post, 'tags').ids(), [])
      await assert.rejects(other.links(Post, post, 'tags').clear(), refused('not_found'))
      assert.deepEqual(await tied(), [a()])
      assert.throws(() => acme.links(Post, post, 'nope' as never), /has no many-to-many relation "nope"/)
      // @ts-expect-error the name is checked by the compiler
      const untied = () => acme.links(Post, post, 'title')
      assert.throws(untied, TypeError)
      // @ts-expect-error and so is the kind of the ids
      const bad = acme.links(Post, post, 'tags').add(['x'])
      await assert.rejects(bad, refused('validation_failed', { tags: ['A valid integer is required.'] }))
    })

    test('count while both rows are alive, and are back with them', async () => {
      await begin()
      await acme.links(Post, post, 'tags').add([a(), b()])
      await acme.query(Tag).filter({ id: a() }).delete()
      assert.deepEqual(await tied(), [b()])
      await acme.query(Tag).filter({ id: a() }).restore()
      await acme.query(Post).filter({ id: post }).delete()
      assert.deepEqual(await acme.links(Tag, a(), 'posts').ids(), [])
      await acme.query(Post).filter({ id: post }).restore()
      assert.deepEqual(await tied(), [a(), b()])
    })

    test('are made once, however many add them at the same time', async () => {
      await begin()
      const adding = [1, 2, 3, 4].map(() => acme.links(Post, post, 'tags').add([a(), b()]))
      const back = [1, 2].map(() => acme.links(Tag, a(), 'posts').add([post]))
      await Promise.all([...adding, ...back])
      assert.deepEqual(await tied(), [a(), b()])
    })
  })
}
