import assert from 'node:assert/strict'
import { it } from 'node:test'
import { introspect } from '../introspection/index.ts'
import { Breaker, breakingDatabase } from '../test-breaking-database.ts'
import { onEachDatabase } from '../test-project.ts'

const IMPORTS = ['addCheck', 'addField', 'addIndex', 'alterField', 'createModel', 'foreignKey', 'integer', 'text']
const TABLES = `operations: [createModel('Person', { scope: 'business', fields: { name: text({ max: 40, unique: true }), age: integer().optional() } })]`
const change = (more: string): string => `${more}, dependencies: [['crm', '0001_initial']], operations: [
  addIndex('Person', ['age']),
  addField('Person', 'boss', foreignKey('crm.Person', { onDelete: 'cascade' }).optional()),
  alterField('Person', 'age', integer().default(1)),
  addCheck('Person', 'adult', { age__gte: 0 }, { confirmed: true }),
]`

onEachDatabase('a migration that is online', (withBench) => {
  it(
    'leads to the same tables as one that is not, there and back, wherever it is broken off',
    withBench(async ({ project, database, another }) => {
      const { database: plain } = await another()
      await project.write('crm', '0001_initial', { imports: IMPORTS, options: TABLES })
      await project.write('crm', '0002_change', { imports: IMPORTS, options: change('atomic: true') })
      await project.migrate(plain)
      const wanted = await introspect(plain, plain.dialect)
      const apps = project.apps.map((app) => ({ ...app, folder: app.folder.replace('/crm/', '/online/') }))
      await project.write('online', '0001_initial', { imports: IMPORTS, options: TABLES })
      await project.write('online', '0002_change', { imports: IMPORTS, options: change('online: true') })
      const target = { app: 'crm', name: '0001' }
      await project.migrate(database, { apps, target })
      const first = await introspect(database, database.dialect)
      for (let count = 1, isWhole = false; !isWhole; count += 7) {
        const breaking = breakingDatabase(database, new Breaker(count))
        isWhole = await project.migrate(breaking, { apps }).then(
          () => true,
          () => false,
        )
        await project.migrate(database, { apps })
        assert.deepEqual(await introspect(database, database.dialect), wanted, `broken at ${count}`)
        await project.migrate(database, { apps, target })
        assert.deepEqual(await introspect(database, database.dialect), first)
      }
    }),
  )
})
