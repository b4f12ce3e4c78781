import assert from 'node:assert/strict'
import { it } from 'node:test'
import { foreignKey } from '../fields/index.ts'
import { model } from '../models/index.ts'
import { createTables } from './create-tables.ts'
import { inPlainTypes, introspect, wantedTables } from './introspection/index.ts'
import { testModels } from './test-models.ts'
import { onEachDatabase } from './test-project.ts'

onEachDatabase('createTables', (withBench) => {
  it(
    'makes the tables that the models want, whatever points to what',
    withBench(async ({ database }) => {
      const pointing = (to: string) => ({ other: foreignKey(to, { onDelete: 'protect' }).optional() })
      const circle = [
        model('x.One', { scope: 'business', fields: pointing('x.Two') }),
        model('x.Two', { scope: 'business', fields: pointing('x.One') }),
      ]
      const models = [...testModels(), ...circle]
      await createTables(database, models)
      assert.deepEqual(
        inPlainTypes(await introspect(database, database.dialect), database.dialect),
        wantedTables(models, database.dialect),
      )
    }),
  )
})
