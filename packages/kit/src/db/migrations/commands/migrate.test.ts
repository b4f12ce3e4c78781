import assert from 'node:assert/strict'
import { it } from 'node:test'
import { foreignKey, integer, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { inPlainTypes, introspect, wantedTables } from '../introspection/index.ts'
import { MigrationError } from '../migration-error.ts'
import { testModels } from '../test-models.ts'
import { onEachDatabase, TestProject } from '../test-project.ts'
import { showMigrations } from './show-migrations.ts'
import { unappliedMigrations } from './unapplied-migrations.ts'

const clientV1 = () => model('clients.Client', { scope: 'business', fields: { name: text() } })
const clientV2 = () =>
  model('clients.Client', { scope: 'business', fields: { name: text(), age: integer().default(7) } })

onEachDatabase('migrate', (withBench) => {
  it(
    'makes the tables that the models want, and drops them on the way back to zero',
    withBench(async ({ project, database }) => {
      project.declare(...testModels())
      await project.make()
      const { applied } = await project.migrate(database)
      assert.deepEqual(applied, ['account.0001_initial', 'clients.0001_initial'])
      const tables = await introspect(database, database.dialect)
      assert.deepEqual(inPlainTypes(tables, database.dialect), wantedTables(testModels(), database.dialect))
      const { unapplied } = await project.migrate(database, { target: { app: 'account', name: 'zero' } })
      assert.deepEqual(unapplied, ['clients.0001_initial', 'account.0001_initial'])
      assert.deepEqual(await introspect(database, database.dialect), [])
    }),
  )

  it(
    'knows what other apps have done meanwhile, whichever goes first',
    withBench(async ({ project, database, run }) => {
      const thing = (options = {}) => model('zoo.Thing', { scope: 'global', reason: 'a test', fields: {}, ...options })
      const note = (fields = {}) =>
        model('ant.Note', {
          scope: 'global',
          reason: 'a test',
          fields: { thing: foreignKey('zoo.Thing', { onDelete: 'cascade' }), ...fields },
        })
      await project.declare(thing(), note()).make()
      const other = foreignKey('zoo.Thing', { onDelete: 'cascade', relatedName: false }).optional()
      await project.declare(thing(), note({ other })).make()
      await project.declare(thing({ table: 'animals' }), note({ other })).make()
      await project.migrate(database, { target: { app: 'ant', name: '0001' } })
      await project.migrate(database, { target: { app: 'zoo', name: '0002' } })
      const id = '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d00'
      await run('insert into animals (id) values (?)', [id])
      await run('insert into ant_note (id, thing_id) values (?, ?)', [id, id])
      const { applied } = await project.migrate(database, { target: { app: 'ant', name: '0002' } })
      assert.deepEqual(applied, ['ant.0002_note_other'])
      const { unapplied } = await project.migrate(database, { target: { app: 'ant', name: '0001' } })
      assert.deepEqual(unapplied, ['ant.0002_note_other'])
      const [table] = (await introspect(database, database.dialect)).filter(({ name }) => name === 'ant_note')
      assert.deepEqual(
        table?.foreignKeys.map(({ targetTable }) => targetTable),
        ['animals'],
      )
    }),
  )

  it(
    'takes no table away before another app has done with it',
    withBench(async ({ project, database }) => {
      const global = { scope: 'global', reason: 'a test' } as const
      const thing = model('ant.Thing', { ...global, fields: {} })
      const other = model('ant.Other', { ...global, fields: {} })
      const toThing = foreignKey('ant.Thing', { onDelete: 'cascade' }).optional()
      const note = (fields = {}) => model('zoo.Note', { ...global, fields })
      await project.declare(thing, other, note()).make()
      await project.declare(thing, other, note({ thing: toThing })).make()
      await project.declare(thing, other, note()).make()
      const { migrations } = await project.declare(other, note()).make()
      assert.match(migrations[0]?.text ?? '', /dependencies: \[[^;]*\['zoo', '0003_remove_note_thing'\]/)
      await project.migrate(database, { target: { app: 'ant' } })
      const tables = await introspect(database, database.dialect)
      assert.deepEqual(tables.map(({ name }) => name).sort(), ['ant_other', 'zoo_note'])
    }),
  )

  it(
    'tells what it does in the words of Django',
    withBench(async ({ project, database }) => {
      await project.declare(clientV1()).make()
      await project.declare(clientV2()).make()
      let output = ''
      const onProgress = (piece: string): void => {
        output += piece
      }
      const told = async (options: Parameters<typeof project.migrate>[1]): Promise<string> => {
        output = ''
        await project.migrate(database, { ...options, onProgress })
        return output
      }
      assert.equal(
        await told({ plan: true }),
        'Planned operations:\nclients.0001_initial\n    Create model Client\nclients.0002_client_age\n    Add field age to client\n',
      )
      assert.equal(
        await told({}),
        'Operations to perform:\n  Apply all migrations: clients\nRunning migrations:\n  Applying clients.0001_initial... OK\n  Applying clients.0002_client_age... OK\n',
      )
      assert.equal(
        await told({}),
        'Operations to perform:\n  Apply all migrations: clients\nRunning migrations:\n  No migrations to apply.\n',
      )
      const back = { target: { app: 'clients', name: '0001' } }
      assert.equal(
        await told({ ...back, plan: true }),
        'Planned operations:\nclients.0002_client_age\n    Undo Add field age to client\n',
      )
      assert.equal(
        await told(back),
        'Operations to perform:\n  Target specific migration: 0001_initial, from clients\nRunning migrations:\n  Unapplying clients.0002_client_age... OK\n',
      )
      assert.equal(
        await told({ target: { app: 'clients' }, fake: true }),
        'Operations to perform:\n  Apply all migrations: clients\nRunning migrations:\n  Applying clients.0002_client_age... FAKED\n',
      )
      assert.match(
        await told({ target: { app: 'clients', name: 'zero' }, plan: true }),
        /Undo Add field age to client\nclients.0001_initial\n {4}Undo Create model Client/,
      )
      project.declare(clientV1())
      assert.match(await told({}), /Your models in app\(s\): 'clients' have changes that are not yet reflected/)
    }),
  )

  it(
    'shows which migrations a database has had, and which not',
    withBench(async ({ project, database }) => {
      await project.declare(clientV1()).make()
      await project.declare(clientV2()).make()
      project.declare(clientV2(), model('empty.Thing', { scope: 'global', reason: 'test', fields: {} }))
      const show = (options = {}) => showMigrations({ database, apps: project.apps, ...options })
      assert.deepEqual(await unappliedMigrations(database, project.apps), [
        'clients.0001_initial',
        'clients.0002_client_age',
      ])
      await project.migrate(database, { target: { app: 'clients', name: '0001_initial' }, clock: { now: () => 0 } })
      assert.deepEqual(await show(), [
        'clients',
        ' [X] 0001_initial',
        ' [ ] 0002_client_age',
        'empty',
        ' (no migrations)',
      ])
      assert.deepEqual(await show({ names: ['clients'], verbosity: 2 }), [
        'clients',
        ' [X] 0001_initial (applied at 1970-01-01 00:00:00)',
        ' [ ] 0002_client_age',
      ])
      assert.deepEqual(await show({ format: 'plan', verbosity: 2 }), [
        '[X]  clients.0001_initial',
        '[ ]  clients.0002_client_age ... (clients.0001_initial)',
      ])
      assert.deepEqual(await unappliedMigrations(database, project.apps), ['clients.0002_client_age'])
      await assert.rejects(() => show({ names: ['nosuch'] }), {
        message: "No installed app with label 'nosuch'.",
        exitCode: 2,
      })
    }),
  )

  it(
    'refuses a target that is not there or could be several',
    withBench(async ({ project, database }) => {
      await project.declare(clientV1()).make()
      await project.declare(clientV2()).make()
      const refused = (name: string, message: string, app = 'clients') =>
        assert.rejects(() => project.migrate(database, { target: { app, name } }), new MigrationError(message))
      await refused('000', "More than one migration matches '000' in app 'clients'. Please be more specific.")
      await refused('0009', "Cannot find a migration matching '0009' from app 'clients'.")
      await refused('0001', "No installed app with label 'nosuch'.", 'nosuch')
    }),
  )

  it(
    'keeps rows on the way forward, back and forward again',
    withBench(async ({ project, database, run }) => {
      await project.declare(clientV1()).make()
      await project.migrate(database)
      const [business, id, moment] = [
        '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47',
        '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d48',
        '2026-01-01 00:00:00',
      ]
      await run('insert into clients_client (business_id, id, name, created_at, updated_at) values (?, ?, ?, ?, ?)', [
        business,
        id,
        "O'Brien \\ Söhne 😀",
        moment,
        moment,
      ])
      const [before] = await run('select business_id, id, name, created_at, updated_at from clients_client')
      await project.declare(clientV2()).make()
      await project.migrate(database)
      assert.deepEqual((await run('select age from clients_client')).map(String), ['7'])
      await project.migrate(database, { target: { app: 'clients', name: '0001' } })
      await project.migrate(database)
      assert.deepEqual((await run('select age from clients_client')).map(String), ['7'])
      const [after] = await run('select business_id, id, name, created_at, updated_at from clients_client')
      assert.deepEqual(after, before)
    }),
  )

  it(
    'goes from any declaration to any other as if it had been made so at once',
    withBench(async ({ project, database, another }) => {
      const types = async (from: typeof database) => introspect(from, from.dialect)
      const versions = [...declarations(), ...declarations().reverse().slice(1)]
      const seen = []
      for (const models of versions) {
        await project.declare(...models()).make()
        await project.migrate(database)
        assert.deepEqual(
          inPlainTypes(await types(database), database.dialect),
          wantedTables(models(), database.dialect),
        )
        seen.push(await types(database))
      }
      const { database: fresh } = await another()
      const atOnce = await TestProject.create()
      await atOnce.declare(...(versions.at(-1)?.() ?? [])).make()
      await atOnce.migrate(fresh)
      await atOnce.remove()
      assert.deepEqual(await types(fresh), await types(database))
      for (const [index, tables] of [...seen.entries()].reverse()) {
        const number = String(index + 1).padStart(4, '0')
        await project.migrate(database, { target: { app: 'clients', name: number } })
        assert.deepEqual(await types(database), tables, `back at ${number}`)
      }
    }),
  )
})

/** Ways to declare the same models, far apart from each other. */
function declarations() {
  const account = () =>
    model('clients.Account', { scope: 'business', id: 'bigint', softDelete: false, fields: { name: text() } })
  const person = () => model('clients.Person', { scope: 'global', reason: 'test', fields: { name: text() } })
  return [
    () => [
      account(),
      person(),
      model('clients.Client', { scope: 'business', fields: { name: text({ max: 50 }), city: text().optional() } }),
    ],
    () => [
      account(),
      person(),
      model('clients.Client', {
        scope: 'business',
        fields: {
          name: text({ max: 80, unique: true }),
          city: text().default('Riffa'),
          account: foreignKey('clients.Account', { onDelete: 'cascade', id: 'bigint' }).optional(),
          seller: foreignKey('clients.Person', { onDelete: 'set null' }).optional(),
        },
        unique: [['city', 'account']],
        indexes: [['seller', '-name']],
      }),
    ],
    () => [
      account(),
      person(),
      model('clients.Client', {
        scope: 'business',
        softDelete: false,
        table: 'customers',
        fields: {
          name: text({ max: 60 }),
          account: foreignKey('clients.Account', { onDelete: 'protect', id: 'bigint' }).optional(),
          city: text().optional(),
          seller: text().optional(),
        },
        unique: [['name', 'account'], ['account']],
        indexes: [['account', 'name']],
      }),
    ],
  ]
}
