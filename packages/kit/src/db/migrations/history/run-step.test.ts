import assert from 'node:assert/strict'
import { it } from 'node:test'
import { text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { unappliedMigrations } from '../commands/unapplied-migrations.ts'
import { introspect } from '../introspection/index.ts'
import { onEachDatabase } from '../test-project.ts'

const Client = model('clients.Client', { scope: 'business', fields: { name: text() } })
const BROKEN = `dependencies: [['clients', '0001_initial']], operations: [addField('Client', 'age', integer().optional()), runSql('select * from nosuch_table', [])]`
const IMPORTS = ['addField', 'integer', 'runSql']

onEachDatabase('a migration that fails', (withBench) => {
  it(
    'leaves nothing behind where the database can undo it, and says which operation it was',
    withBench(async ({ project, database }) => {
      await project.declare(Client).make()
      await project.migrate(database)
      const before = await introspect(database, database.dialect)
      await project.write('clients', '0002_broken', { imports: IMPORTS, options: BROKEN })
      let output = ''
      const onProgress = (piece: string): void => {
        output += piece
      }
      await assert.rejects(project.migrate(database, { onProgress }), (error: Error) => {
        assert.match(error.message, /^Cannot apply clients\.0002_broken: "Raw SQL operation" failed: .*nosuch_table/)
        assert.equal(/What it did before that stays/.test(error.message), !database.hasTransactionalDdl)
        return true
      })
      assert.match(output, /Applying clients\.0002_broken\.\.\. FAILED\n$/)
      assert.deepEqual(await unappliedMigrations(database, project.apps), ['clients.0002_broken'])
      const after = await introspect(database, database.dialect)
      if (database.hasTransactionalDdl) assert.deepEqual(after, before)
      else assert.notDeepEqual(after, before)
    }),
  )

  it(
    'keeps what it did if it says that it is not atomic',
    withBench(async ({ project, database }) => {
      await project.declare(Client).make()
      await project.write('clients', '0002_broken', { imports: IMPORTS, options: `atomic: false, ${BROKEN}` })
      await assert.rejects(project.migrate(database), /What it did before that stays/)
      const [table] = await introspect(database, database.dialect)
      assert.ok(table?.columns.some((column) => column.name === 'age'))
    }),
  )

  it(
    'frees the lock, so that the next try can go on at once',
    withBench(async ({ project, database }) => {
      await project.declare(Client).make()
      await project.write('clients', '0002_broken', { imports: IMPORTS, options: BROKEN })
      await assert.rejects(project.migrate(database))
      await assert.rejects(project.migrate(database, { lockTimeoutMs: 0 }), /0002_broken/)
    }),
  )
})
