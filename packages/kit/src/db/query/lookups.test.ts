import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { ApiError, newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { date, datetime, foreignKey, integer, json, longText, multiChoice, text, time } from '../fields/index.ts'
import { manyToMany, model, type Q, q } from '../models/index.ts'
import type { Context } from './context.ts'
import { type MemoryRow, meets } from './memory-filter.ts'

const Author = model('lib.Author', { scope: 'business', fields: { name: text(), born: date().optional() } })
const Tag = model('lib.Tag', { scope: 'business', fields: { label: text() } })
const Book = model('lib.Book', {
  scope: 'business',
  fields: {
    title: text({ blank: true }),
    note: longText({ blank: true }).optional(),
    published: datetime().optional(),
    opens: time().optional(),
    day: date().optional(),
    pages: integer().default(1),
    meta: json().optional(),
    topics: multiChoice(['a', 'b', 'c']).default(() => []),
    author: foreignKey(() => Author, { onDelete: 'cascade', relatedName: 'books' }).optional(),
    tags: manyToMany(() => Tag, { relatedName: 'tagged' }),
  },
  ordering: ['id'],
})
const Review = model('lib.Review', {
  scope: 'business',
  fields: {
    book: foreignKey(() => Book, { onDelete: 'cascade', relatedName: 'reviews' }),
    stars: integer(),
    body: text({ blank: true }),
  },
})

const LETTERS = ['a', 'A', 'b', 'ä', 'Ä', 'é', '😀', '%', '_', '!', '*', '\\', '.', ' ', '\n', '1', 'ｚ']
const words = fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 3 }).map((letters) => letters.join(''))
const shown = words.map((word) => `x${word}x`)
const days = fc.constantFrom(
  '0001-01-01',
  '2024-12-30',
  '2025-12-31',
  '2026-01-01',
  '2026-02-28',
  '2027-01-03',
  '9999-12-31',
)
const clocks = fc.constantFrom('00:00:00', '09:30:00', '09:30:00.5', '23:59:59.999999', '12:05:59')
const moments = fc.tuple(days, clocks).map(([day, clock]) => `${day}T${clock}Z`)
const numbers = fc.constantFrom(0, 1, -1, 1.5, 1000, 0.1, 1e-7, 1e21)
const keys = fc.constantFrom('a', 'b', 'c d', 'é', '0')
const scalars = fc.oneof(shown, numbers, fc.boolean(), fc.constant(null), fc.constantFrom('a', 'b', '1'))
const values = fc.letrec<{ value: unknown; inner: unknown }>((tie) => ({
  inner: fc.oneof(scalars, fc.array(scalars, { maxLength: 3 }), fc.dictionary(keys, scalars, { maxKeys: 2 })),
  value: fc.oneof(scalars, fc.array(tie('inner'), { maxLength: 3 }), fc.dictionary(keys, tie('inner'), { maxKeys: 3 })),
})).value

const ORDERED = ['exact', 'gt', 'gte', 'lt', 'lte'] as const
const PATTERNS = ['iexact', 'contains', 'icontains', 'startswith', 'istartswith', 'endswith', 'iendswith'] as const

type Entry = readonly [string, unknown]
const pair = <Value>(of: fc.Arbitrary<Value>) => fc.tuple(of, of)
const some = <Value>(of: fc.Arbitrary<Value>) => fc.array(of, { maxLength: 4 })

/** Filters of a key by a group of lookups. */
function ordered(key: string, of: fc.Arbitrary<unknown>): fc.Arbitrary<Entry> {
  return fc.oneof(
    fc.tuple(fc.constantFrom(...ORDERED.map((lookup) => `${key}__${lookup}`)), of),
    fc.tuple(fc.constant(key), of),
    fc.tuple(fc.constant(`${key}__in`), some(of)),
    fc.tuple(fc.constant(`${key}__range`), pair(of)),
    fc.tuple(fc.constant(`${key}__isnull`), fc.boolean()),
  )
}

const atoms = fc.constantFrom(
  'a',
  'A',
  'ä',
  '.',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  '\\S',
  '%',
  '\\.',
  '😀',
  '(?:a|b)',
  '(a1|ä)',
)
const patterns = fc
  .tuple(
    fc.constantFrom('', '^', '^x'),
    fc.array(
      fc.tuple(atoms, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}')).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom('', '$', 'x$'),
  )
  .map(([begin, middle, end]) => begin + middle.join('') + end)

function textual(key: string): fc.Arbitrary<Entry> {
  return fc.oneof(
    ordered(key, shown),
    fc.tuple(fc.constantFrom(...PATTERNS.map((lookup) => `${key}__${lookup}`)), fc.oneof(words, shown)),
    fc.tuple(fc.constantFrom(`${key}__regex`, `${key}__iregex`), patterns),
  )
}

const small = (min: number, max: number) => fc.integer({ min, max })
const dayParts = (key: string) =>
  fc.oneof(
    ordered(`${key}__year`, fc.constantFrom(1, 2024, 2025, 2026, 2027, 9999)),
    ordered(`${key}__iso_year`, fc.constantFrom(2025, 2026)),
    ordered(`${key}__month`, fc.constantFrom(1, 2, 12)),
    ordered(`${key}__quarter`, small(1, 4)),
    ordered(`${key}__week`, fc.constantFrom(1, 9, 52, 53)),
    ordered(`${key}__day`, fc.constantFrom(1, 28, 30, 31)),
    ordered(`${key}__week_day`, small(1, 7)),
    ordered(`${key}__iso_week_day`, small(1, 7)),
  )
const clockParts = (key: string) =>
  fc.oneof(
    ordered(`${key}__hour`, fc.constantFrom(0, 9, 12, 23)),
    ordered(`${key}__minute`, fc.constantFrom(0, 5, 30, 59)),
    ordered(`${key}__second`, fc.constantFrom(0, 59)),
  )

function jsonic(key: string): fc.Arbitrary<Entry> {
  const listable = fc.constantFrom<unknown>('a', 'b', 'x', 1, true, null)
  return fc.oneof(
    fc.tuple(fc.constantFrom(key, `${key}__exact`), values),
    fc.tuple(fc.constantFrom(`${key}__contains`, `${key}__contained_by`), fc.oneof(values, some(listable))),
    fc.tuple(fc.constant(`${key}__in`), some(values)),
    fc.tuple(fc.constant(`${key}__isnull`), fc.boolean()),
    fc.tuple(fc.constant(`${key}__has_key`), keys),
    fc.tuple(fc.constantFrom(`${key}__has_keys`, `${key}__has_any_keys`), some(keys)),
  )
}
const jsonPaths = fc.constantFrom(
  'meta__a',
  'meta__b',
  'meta__c d',
  'meta__é',
  'meta__0',
  'meta__a__0',
  'meta__a__b',
  'meta__1__a',
)
const jsonPath = jsonPaths.chain((key) =>
  fc.oneof(
    jsonic(key),
    fc.tuple(fc.constantFrom(...['gt', 'gte', 'lt', 'lte'].map((word) => `${key}__${word}`)), fc.oneof(shown, numbers)),
    fc.tuple(fc.constant(`${key}__range`), fc.oneof(pair(shown), pair(numbers))),
    fc.tuple(
      fc.constantFrom(...PATTERNS.filter((word) => word !== 'contains').map((word) => `${key}__${word}`)),
      words,
    ),
    fc.tuple(fc.constantFrom(`${key}__regex`, `${key}__iregex`), patterns),
  ),
)
const topics = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
const related = fc.oneof(
  ordered('author__name', shown),
  textual('reviews__body'),
  ordered('reviews__stars', small(1, 3)),
  ordered('reviews__stars', small(1, 3)),
  textual('tags__label'),
  fc.tuple(fc.constantFrom('reviews__isnull', 'tags__isnull', 'author__books__isnull'), fc.boolean()),
  ordered('author__books__pages', small(1, 3)),
  ordered('author__books__reviews__stars', small(1, 3)),
  ordered('tags__tagged__pages', small(1, 3)),
  ordered('author__born__year', fc.constantFrom(2025, 2026)),
)
const own = fc.oneof(
  textual('title'),
  textual('note'),
  ordered('pages', small(1, 3)),
  ordered(
    'published',
    moments.map((moment) => moment.replace('T', ' ')),
  ),
  dayParts('published'),
  clockParts('published'),
  ordered('published__date', days),
  ordered('published__time', clocks),
  dayParts('day'),
  clockParts('opens'),
  jsonic('meta'),
  jsonPath,
  jsonPath,
  fc.tuple(fc.constantFrom('topics', 'topics__contains', 'topics__contained_by', 'topics__overlap'), topics),
)

type Filter = { readonly [key: string]: unknown }
const filters: fc.Arbitrary<Filter> = fc
  .array(fc.oneof({ weight: 3, arbitrary: own }, { weight: 2, arbitrary: related }), { minLength: 1, maxLength: 3 })
  .map((entries) => Object.fromEntries(entries))
const conditions = fc.letrec<{ condition: Filter | Q<Filter> }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    { weight: 4, arbitrary: filters },
    fc.array(tie('condition'), { minLength: 1, maxLength: 2 }).map((parts) => q.or<Filter>(...parts)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 2 }).map((parts) => q.and<Filter>(...parts)),
    tie('condition').map((part) => q.not<Filter>(part)),
  ),
})).condition

interface MemoryBook extends MemoryRow {
  readonly books: MemoryRow[]
  readonly tagged: MemoryRow[]
  readonly reviews: MemoryRow[]
  readonly tags: MemoryRow[]
}

/** A small library, in the database and in memory. */
interface Library {
  readonly ctx: Context
  readonly books: readonly MemoryRow[]
}

async function library(stage: ThrowawayStore): Promise<Library> {
  const ctx = stage.context(newId())
  const sample = <Value>(of: fc.Arbitrary<Value>, count: number, seed: number): Value[] =>
    fc.sample(of, { numRuns: count, seed })
  const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { freq: 5 })
  const authors = await ctx.query(Author).bulkCreate(sample(fc.record({ name: shown, born: maybe(days) }), 4, 1))
  const tags = await ctx.query(Tag).bulkCreate(sample(fc.record({ label: shown }), 4, 2))
  const record = fc.record({
    title: shown,
    note: maybe(shown),
    published: maybe(moments),
    opens: maybe(clocks),
    day: maybe(days),
    pages: small(1, 3),
    meta: maybe(values.filter((value) => value !== null)),
    topics,
    author: maybe(fc.constantFrom(...authors.map(({ id }) => id))),
  })
  const drafts = sample(record, 40, 3)
  const made = await ctx.query(Book).bulkCreate(drafts as never)
  const reviews = await ctx
    .query(Review)
    .bulkCreate(
      sample(fc.record({ book: fc.constantFrom(...made.map(({ id }) => id)), stars: small(1, 3), body: shown }), 50, 4),
    )
  const through = stage.store.registry.relation(Book, 'tags')?.through?.model
  assert.ok(through)
  const links = sample(
    fc.record({
      book: fc.constantFrom(...made.map(({ id }) => id)),
      tag: fc.constantFrom(...tags.map(({ id }) => id)),
    }),
    40,
    5,
  )
  const pairs = [...new Map(links.map((link) => [`${link.book} ${link.tag}`, link])).values()]
  await ctx.query(through).bulkCreate(pairs as never)
  // What is in the bin, on either side of a relation, must not count.
  const bin = await ctx
    .query(Review)
    .bulkCreate(made.slice(0, 20).map(({ id }) => ({ book: id, stars: 2, body: 'xax' })))
  await ctx
    .query(Review)
    .filter({ id__in: bin.map(({ id }) => id) })
    .delete()

  const fresh = (row: object): MemoryBook => ({ ...row, books: [], tagged: [], reviews: [], tags: [] })
  const authorOf = new Map(authors.map((author) => [author.id, fresh(author)]))
  const tagOf = new Map(tags.map((tag) => [tag.id, fresh(tag)]))
  const books = made.map((book, at): MemoryBook => {
    const { published, topics: chosen } = drafts[at] ?? {}
    const author = (book.author !== null && authorOf.get(book.author)) || null
    const stored = published ? published.slice(0, -1).replace('T', ' ') : null
    const row = { ...fresh(book), published: stored, topics: [...new Set(chosen)], author }
    author?.books.push(row)
    return row
  })
  const bookOf = new Map(made.map(({ id }, at) => [id, books[at]]))
  for (const review of reviews) bookOf.get(review.book)?.reviews.push({ ...review, book: bookOf.get(review.book) })
  for (const { book, tag } of pairs) {
    bookOf.get(book)?.tags.push(tagOf.get(tag) ?? {})
    tagOf.get(tag)?.tagged.push(bookOf.get(book) ?? {})
  }
  return { ctx, books }
}

for (const source of testStores([Author, Tag, Book, Review])) {
  describe(`lookups on ${source.name}`, () => {
    let stage: ThrowawayStore
    let shelf: Library
    before(async () => {
      stage = await source.create()
      shelf = await library(stage)
    })
    after(() => stage.drop())

    const found = async (condition: Filter | Q<Filter>): Promise<string[]> =>
      (
        await shelf.ctx
          .query(Book)
          .filter(condition as never)
          .all()
      ).map(({ id }) => id)

    test('find what the same condition finds in memory, whatever it is made of', async () => {
      await fc.assert(
        fc.asyncProperty(conditions, async (condition) => {
          const expected = shelf.books.filter((book) => meets(book, condition)).map(({ id }) => id)
          assert.deepEqual(await found(condition), expected)
        }),
        { numRuns: 300 },
      )
    })

    test('a row comes once, however many related rows meet the condition, also in a page and its count', async () => {
      const query = shelf.ctx.query(Book).filter({ reviews__stars__gte: 1 } as never)
      const rows = await query.all()
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
      assert.equal(await query.count(), rows.length)
      const page = await query.page({ number: 1, size: 5 })
      assert.deepEqual([page.count, page.rows.length], [rows.length, 5])
    })

    test('what is asked of a relation in one call holds for one row, in two calls for two', async () => {
      const ctx = stage.context(newId())
      const [one, two] = await ctx.query(Book).bulkCreate([{ title: 'one' }, { title: 'two' }])
      assert.ok(one && two)
      await ctx.query(Review).bulkCreate([
        { book: one.id, stars: 1, body: 'good' },
        { book: one.id, stars: 2, body: 'bad' },
        { book: two.id, stars: 2, body: 'good' },
      ])
      const titles = async (query: { all(): Promise<{ title: string }[]> }) =>
        (await query.all()).map(({ title }) => title)
      const books = ctx.query(Book)
      const both = { reviews__stars: 2, reviews__body: 'good' } as never
      assert.deepEqual(await titles(books.filter(both)), ['two'])
      assert.deepEqual(
        await titles(books.filter({ reviews__stars: 2 } as never).filter({ reviews__body: 'good' } as never)),
        ['one', 'two'],
      )
      assert.deepEqual(await titles(books.exclude(both)), [])
      assert.deepEqual(await titles(books.exclude({ reviews__stars: 1 } as never)), ['two'])
    })

    test('rows are changed and deleted by what they are related to', async () => {
      const ctx = stage.context(newId())
      const [one, two] = await ctx.query(Book).bulkCreate([{ title: 'one' }, { title: 'two' }])
      assert.ok(one && two)
      const review = await ctx.query(Review).create({ book: one.id, stars: 1, body: 'x' })
      const reviewed = ctx.query(Book).filter({ reviews__stars: 1 } as never)
      assert.equal(await reviewed.update({ pages: 7 }), 1)
      assert.equal((await ctx.query(Book).get(one.id)).pages, 7)
      await ctx.query(Review).filter({ id: review.id }).delete()
      assert.equal(await reviewed.count(), 0)
      await ctx.query(Review).create({ book: two.id, stars: 1, body: 'x' })
      assert.equal(await reviewed.delete(), 1)
      assert.deepEqual(
        (await ctx.query(Book).all()).map(({ title }) => title),
        ['one'],
      )
    })

    test('another business is never looked into', async () => {
      const [one] = shelf.books
      const stranger = stage.context(newId())
      const own = await stranger.query(Book).create({ title: 'own' })
      assert.equal(
        await stranger
          .query(Book)
          .filter({ reviews__isnull: false } as never)
          .count(),
        0,
      )
      assert.equal(
        await stranger
          .query(Book)
          .filter({ tags__isnull: false } as never)
          .count(),
        0,
      )
      const filters = [{ author__books: one?.id }, { reviews__book__title__contains: 'x' }, { tags__tagged: one?.id }]
      for (const filter of filters)
        assert.equal(
          await stranger
            .query(Book)
            .filter(filter as never)
            .count(),
          0,
        )
      assert.equal((await stranger.query(Book).get(own.id)).title, 'own')
    })

    test('texts of other rows are searched, and rows still come once', async () => {
      const found = await shelf.ctx
        .query(Book)
        .search('x', ['reviews__body'] as never)
        .all()
      const expected = shelf.books.filter((book) => meets(book, { reviews__body__icontains: 'x' }))
      assert.deepEqual(
        found.map(({ id }) => id),
        expected.map(({ id }) => id),
      )
    })

    test('what cannot be asked is refused with its reason', async () => {
      const books = shelf.ctx.query(Book)
      const says = (filter: Filter, words: RegExp) => {
        assert.throws(
          () => books.filter(filter as never),
          (error: unknown) => {
            const errors = error instanceof ApiError ? JSON.stringify(error.errors) : String(error)
            assert.match(errors, words)
            return true
          },
        )
      }
      says({ reviews__nope: 1 }, /lib.Review has no field "?nope/)
      says({ title__year: 1 }, /it has no lookup "?year/)
      says({ day__hour: 1 }, /it has no lookup "?hour/)
      says({ published__month: 13 }, /less than or equal to 12/)
      says({ published__date: 'x' }, /Date has wrong format/)
      says({ published__year__contains: '2' }, /it has no lookup "?contains/)
      says({ title__regex: '(a+)+' }, /can take for ever/)
      says({ meta__a__gt: true }, /Only numbers and texts/)
      says({ meta__a__range: [1, 'a'] }, /two numbers or two texts/)
      says({ meta__has_key: 'a"b' }, /no quotes/)
      says({ 'meta__a"b': 1 }, /no quotes/)
      says({ meta__contains: Array.from({ length: 101 }, () => 1) }, /no more than 100 members/)
      says({ meta__a: undefined }, /valid JSON/)
      says({ topics__contains: ['z'] }, /not a valid choice/)
      says({ reviews: 'no id' }, /valid UUID/)
      says({ author__books__nope__x: 1 }, /has no field/)
    })
  })
}
