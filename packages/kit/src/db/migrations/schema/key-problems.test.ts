import assert from 'node:assert/strict'
import { it } from 'node:test'
import { json, longText, text, url } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { keyProblems } from './key-problems.ts'

it('a key that some database cannot hold is told before it is made', () => {
  const Wide = model('a.Wide', {
    scope: 'business',
    fields: { name: text({ max: 660, unique: true }), notes: longText(), tags: json(), site: url({ unique: true }) },
    indexes: [['notes'], ['-tags'], ['name', 'site']],
  })
  assert.deepEqual(keyProblems([Wide]), [
    'a.Wide: the unique set (name) may take 2677 bytes, more than the 2672 that every database takes. Lower a max, or leave a field out.',
    'a.Wide: the index (notes) cannot be made: "notes" is of any length. Give it a max, or leave it out.',
    'a.Wide: the index (-tags) cannot be made: "tags" is of any length. Give it a max, or leave it out.',
    'a.Wide: the index (name, site) may take 4677 bytes, more than the 2672 that every database takes. Lower a max, or leave a field out.',
  ])
})
