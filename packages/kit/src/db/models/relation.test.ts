import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { foreignKey, oneToOne, text } from '../fields/index.ts'
import { manyToMany } from './many-to-many.ts'
import { type AnyModel, columnNamed, model } from './model.ts'
import type { Insert, LinkTarget } from './model-types.ts'
import { createRegistry } from './registry.ts'

const madeOf = (label: string, fields: Parameters<typeof model>[1]['fields']): AnyModel =>
  model(label, { scope: 'business', fields })
const Author = madeOf('books.Author', { name: text() })
const byAuthor = (relatedName?: string | false) =>
  foreignKey(() => Author, { onDelete: 'cascade', ...(relatedName === undefined ? {} : { relatedName }) })

describe('a relation leads back along a foreign key', () => {
  test('by the name of the model in snake_case, or by the name that the key says', () => {
    const ShortStory = madeOf('books.ShortStory', { author: byAuthor() })
    const Book = madeOf('books.Book', { author: byAuthor('books'), editor: byAuthor('edited_books') })
    const registry = createRegistry([Author, ShortStory, Book])
    assert.deepEqual(
      registry.relations(Author).map(({ name, model: of, column, isOne }) => [name, of.label, column.name, isOne]),
      [
        ['short_story', 'books.ShortStory', 'author', false],
        ['books', 'books.Book', 'author', false],
        ['edited_books', 'books.Book', 'editor', false],
      ],
    )
    assert.equal(registry.relation(Author, 'books')?.column, columnNamed(Book, 'author'))
    assert.equal(registry.relation(Author, 'nope'), undefined)
    assert.deepEqual(registry.relations(Book), [])
  })

  test('to one row where the key is one-to-one', () => {
    const Portrait = madeOf('books.Portrait', { author: oneToOne(() => Author, { onDelete: 'cascade' }) })
    assert.equal(createRegistry([Author, Portrait]).relation(Author, 'portrait')?.isOne, true)
  })

  test('unless it says that there is none', () => {
    const Log = madeOf('books.Log', { author: byAuthor(false) })
    assert.deepEqual(createRegistry([Author, Log]).relations(Author), [])
  })

  test('by a name that is free and is a name', () => {
    const cases: readonly [ReturnType<typeof madeOf>, RegExp][] = [
      [
        madeOf('books.Book', { author: byAuthor(), editor: byAuthor() }),
        /books\.Book\.author and books\.Book\.editor are both called "book" from books\.Author\. Say another relatedName/,
      ],
      [
        madeOf('books.Book', { author: byAuthor('name') }),
        /cannot be called "name" from books\.Author: it has a field/,
      ],
      [madeOf('books.Book', { author: byAuthor('myBooks') }), /cannot be called "myBooks".*snake_case/],
      [madeOf('books.Page', { author: byAuthor() }), /cannot be called "page"/],
    ]
    for (const [made, message] of cases) assert.throws(() => createRegistry([Author, made]), message)
  })
})

test('a key that is set to its default on delete has one', () => {
  const Book = madeOf('books.Book', { author: foreignKey(() => Author, { onDelete: 'set default' }) })
  assert.throws(() => createRegistry([Author, Book]), /must have a default\(\)/)
})

describe('a many-to-many field', () => {
  const Tag = madeOf('books.Tag', { name: text() })
  const names = (registry: ReturnType<typeof createRegistry>, of: typeof Author) =>
    registry
      .relations(of)
      .map(({ name, model: to, through }) => [name, to.label, through?.model.label, through?.onward.name])

  test('has no column; the kit makes the model between, in the business if either side is', () => {
    const Shared = model('books.Shared', { scope: 'global', reason: 'x', fields: { tags: manyToMany(() => Tag) } })
    const Book = madeOf('books.Book', { name: text(), tags: manyToMany(() => Tag, { relatedName: 'books' }) })
    assert.deepEqual(Object.keys(Book.fields), ['name'])
    const registry = createRegistry([Book, Tag, Shared])
    const between = registry.get('books.BookTags')
    assert.equal(between.table, 'books_book_tags')
    assert.equal(between.scope, 'business')
    assert.equal(registry.get('books.SharedTags').scope, 'business')
    assert.deepEqual(Object.keys(between.fields), ['book', 'tag'])
    assert.deepEqual(
      between.unique.map(({ fields }) => fields),
      [['book', 'tag']],
    )
    assert.deepEqual(names(registry, Book), [['tags', 'books.Tag', 'books.BookTags', 'tag']])
    assert.deepEqual(names(registry, Tag), [
      ['books', 'books.Book', 'books.BookTags', 'book'],
      ['shared', 'books.Shared', 'books.SharedTags', 'shared'],
    ])
    assert.deepEqual(createRegistry(registry.models).models, registry.models)
  })

  test('may lead to its own model', () => {
    const Book = madeOf('books.Book', {
      see_also: manyToMany('self', { symmetrical: false, relatedName: 'seen_from' }),
    })
    const registry = createRegistry([Book])
    assert.deepEqual(Object.keys(registry.get('books.BookSeeAlso').fields), ['from_book', 'to_book'])
    assert.deepEqual(names(registry, Book), [
      ['see_also', 'books.Book', 'books.BookSeeAlso', 'to_book'],
      ['seen_from', 'books.Book', 'books.BookSeeAlso', 'from_book'],
    ])
  })

  test('holds both ways by one name where it leads to its own model, unless it says that it does not', () => {
    const Person = madeOf('books.Person', { friends: manyToMany('self') })
    const registry = createRegistry([Person])
    assert.deepEqual(names(registry, Person), [['friends', 'books.Person', 'books.PersonFriends', 'to_person']])
    assert.equal(registry.relation(Person, 'friends')?.through?.isSymmetrical, true)
    const one = manyToMany('self', { symmetrical: false, relatedName: 'followers' })
    assert.equal(one.isSymmetrical, false)
    // @ts-expect-error there is no way back to be called so
    assert.throws(() => manyToMany('self', { relatedName: 'friends_of' }), /no way back to be called "friends_of"/)
    // @ts-expect-error another model is not this one
    assert.throws(() => manyToMany(() => Tag, { symmetrical: true }), /Only a many-to-many field to 'self'/)
  })

  test('may go over a model of its own, which points to both sides once or says by which keys', () => {
    const through = (): AnyModel => Tagging
    const Book = madeOf('books.Book', { tags: manyToMany(() => Tag, { through }) })
    const keys = {
      book: foreignKey(() => Book, { onDelete: 'cascade' }),
      tag: foreignKey(() => Tag, { onDelete: 'cascade' }),
    }
    const Tagging: AnyModel = madeOf('books.Tagging', { ...keys, weight: text() })
    const registry = createRegistry([Book, Tag, Tagging])
    assert.equal(registry.link(Book, 'tags').through, Tagging)
    assert.deepEqual(
      registry.models.map(({ label }) => label),
      ['books.Book', 'books.Tag', 'books.Tagging'],
    )

    const second = { second: foreignKey(() => Tag, { onDelete: 'cascade', relatedName: false }) }
    const Twice: AnyModel = madeOf('books.Tagging', { ...keys, ...second })
    const refused = madeOf('books.Book', { tags: manyToMany(() => Tag, { through: () => Twice }) })
    assert.throws(
      () => createRegistry([refused, Tag, Twice]),
      /books\.Book\.tags: books\.Tagging must have one foreign key to books\.Tag/,
    )
    const chosen = madeOf('books.Book', {
      tags: manyToMany(() => Tag, { through: () => Twice, throughFields: ['book', 'second'] }),
    })
    assert.equal(createRegistry([chosen, Tag, Twice]).link(chosen, 'tags').onward.name, 'second')
  })

  test('has a name that is free on both sides', () => {
    const Book = madeOf('books.Book', { name: text(), tags: manyToMany(() => Tag, { relatedName: 'name' }) })
    assert.throws(() => createRegistry([Book, Tag]), /books\.BookTags\.tag cannot be called "name" from books\.Tag/)
    assert.throws(() => madeOf('books.Bad', { my__tags: manyToMany(() => Tag) }), /snake_case/)
  })

  test('is told apart from fields by the compiler', () => {
    const Book = model('books.Book', {
      scope: 'business',
      fields: { name: text(), tags: manyToMany(() => Tag) },
      display: 'name',
    })
    const made: Insert<typeof Book> = { name: 'x' }
    // @ts-expect-error a many-to-many field is no value of the row
    const bad: Insert<typeof Book> = { name: 'x', tags: [] }
    assert.deepEqual([made.name, bad.name], ['x', 'x'])
    const leads: LinkTarget<typeof Book, 'tags'>['label'] = 'books.Tag'
    assert.equal(leads, Tag.label)
    const keyed = () => {
      const fields = { name: text(), tags: manyToMany(() => Tag) }
      // @ts-expect-error and cannot stand in a key
      return model('books.Book', { scope: 'business', fields, unique: [['tags']] })
    }
    assert.throws(keyed, /has no field "tags"/)
  })
})

test('a key to its own model is written as self, with the kind of id that the model has', () => {
  const Page = madeOf('books.Sheet', {
    parent: foreignKey('self', { onDelete: 'cascade', relatedName: 'children' }).optional(),
  })
  const registry = createRegistry([Page])
  assert.equal(registry.target(columnNamed(Page, 'parent')), Page)
  assert.equal(registry.relation(Page, 'children')?.model, Page)
  const counted = (options: { readonly id?: 'bigint' }) =>
    model('books.Sheet', {
      scope: 'business',
      id: 'bigint',
      fields: { parent: foreignKey('self', { onDelete: 'cascade', ...options }).optional() },
    })
  assert.throws(() => counted({}), /say id: 'bigint'/)
  assert.equal(createRegistry([counted({ id: 'bigint' })]).models.length, 1)
})
