import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { foreignKey, oneToOne, text } from '../fields/index.ts'
import { columnNamed, model } from './model.ts'
import { createRegistry } from './registry.ts'

const Author = model('books.Author', { scope: 'business', fields: { name: text() } })
const byAuthor = (relatedName?: string | false) =>
  foreignKey(() => Author, { onDelete: 'cascade', ...(relatedName === undefined ? {} : { relatedName }) })
const madeOf = (label: string, fields: Parameters<typeof model>[1]['fields']) =>
  model(label, { scope: 'business', fields })

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
