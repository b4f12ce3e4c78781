import assert from 'node:assert/strict'
import { it } from 'node:test'
import { text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { introspect, schemaDifferences } from '../introspection/index.ts'
import { onEachDatabase } from '../test-project.ts'

const client = (more: object = {}) =>
  model('crm.Client', { scope: 'business', fields: { name: text({ max: 40 }) }, ...more })

onEachDatabase('separateDatabaseAndState', (withBench) => {
  it(
    'does one thing to the database and tells the migrations of another, there and back',
    withBench(async ({ project, database }) => {
      await project.declare(client()).make()
      await project.migrate(database)
      const before = await introspect(database, database.dialect)
      await project.write('crm', '0002_by_hand', {
        imports: ['separateDatabaseAndState', 'addIndex', 'runSql'],
        options: `dependencies: [['crm', '0001_initial']], operations: [separateDatabaseAndState({
          database: [runSql('create index client_name on crm_client (business_id, name)', { mysql: 'drop index client_name on crm_client', postgresql: 'drop index client_name', sqlite: 'drop index client_name' })],
          state: [addIndex('Client', { fields: ['name'], name: 'client_name' })],
        })]`,
      })
      await project.migrate(database)
      const wanted = client({ indexes: [{ fields: ['name'], name: 'client_name' }] })
      assert.deepEqual(await schemaDifferences(database, database.dialect, [wanted]), [])
      assert.deepEqual((await project.declare(wanted).make()).lines, ['No changes detected'])
      await project.migrate(database, { target: { app: 'crm', name: '0001' } })
      assert.deepEqual(await introspect(database, database.dialect), before)
    }),
  )

  it(
    'forgets a field that stays in the database, and has what loses rows confirmed',
    withBench(async ({ project, database, run }) => {
      const wide = client({ fields: { name: text({ max: 40 }), fax: text({ max: 40 }).optional() } })
      await project.declare(wide).make()
      await project.migrate(database)
      await project.write('crm', '0002_forget', {
        imports: ['separateDatabaseAndState', 'removeField'],
        options: `dependencies: [['crm', '0001_initial']], operations: [separateDatabaseAndState({ state: [removeField('Client', 'fax')] })]`,
      })
      await project.migrate(database)
      assert.deepEqual((await project.declare(client()).make()).lines, ['No changes detected'])
      await run('select fax from crm_client')
      await project.write('crm', '0003_drop', {
        imports: ['separateDatabaseAndState', 'deleteModel'],
        options: `dependencies: [['crm', '0002_forget']], operations: [separateDatabaseAndState({ database: [deleteModel('Client')] })]`,
      })
      await assert.rejects(project.migrate(database), /Delete model Client: its rows are lost/)
    }),
  )
})
