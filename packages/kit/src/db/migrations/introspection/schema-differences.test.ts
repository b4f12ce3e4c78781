import assert from 'node:assert/strict'
import { it } from 'node:test'
import { integer, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { createTables } from '../create-tables.ts'
import { testModels } from '../test-models.ts'
import { onEachDatabase } from '../test-project.ts'
import { schemaDifferences } from './schema-differences.ts'
import { schemaHash } from './schema-hash.ts'

const tag = (fields = {}, more = {}) => model('tags.Tag', { scope: 'business', fields, ...more })

onEachDatabase('what a database has and the models want', (withBench) => {
  it(
    'is the same behind the migrations, for every kind of field',
    withBench(async ({ database }) => {
      await createTables(database, testModels())
      assert.deepEqual(await schemaDifferences(database, database.dialect, testModels()), [])
    }),
  )

  it(
    'is told apart, part by part, and the hash changes with it',
    withBench(async ({ database, run }) => {
      const has = tag({ name: text({ max: 20 }), size: integer().optional() }, { unique: [['name']] })
      await createTables(database, [has])
      const hash = await schemaHash(database, database.dialect)
      await run('create index by_hand on tags_tag (size)')
      assert.notEqual(await schemaHash(database, database.dialect), hash)
      const wants = tag({ name: text({ max: 30 }), color: text().optional() }, { indexes: [['name']] })
      const told = await schemaDifferences(database, database.dialect, [wants, model('tags.Other', GLOBAL)])
      const collation = database.dialect === 'postgresql' ? ' c' : ''
      assert.deepEqual(
        told
          .filter(({ text: line }) => !line.includes('is__alive'))
          .map(({ table, text: line, isExtra }) => [table, line, isExtra]),
        [
          ['tags_other', 'The table is missing.', false],
          ['tags_tag', 'The column "color" is missing.', false],
          [
            'tags_tag',
            `The column "name" is varchar(20)${collation} not null, wanted varchar(30)${collation} not null.`,
            false,
          ],
          ['tags_tag', 'No model wants the column "size".', true],
          ['tags_tag', 'The index "tags_tag_name_idx" is missing.', false],
          ['tags_tag', 'No model wants the index "by_hand".', true],
          ['tags_tag', 'No model wants the index "tags_tag_name_uniq".', true],
        ],
      )
      await run(`drop index by_hand${database.dialect === 'mysql' ? ' on tags_tag' : ''}`)
      assert.equal(await schemaHash(database, database.dialect), hash)
      const other = await schemaDifferences(database, database.dialect, [
        tag({ name: text({ max: 20 }) }, { unique: [['name']] }),
      ])
      assert.deepEqual(
        other.map(({ isExtra }) => isExtra),
        [true],
      )
    }),
  )
})

const GLOBAL = { scope: 'global', reason: 'test', fields: {} } as const
