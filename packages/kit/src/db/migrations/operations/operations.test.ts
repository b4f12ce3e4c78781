import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '../../../base/index.ts'
import { type Field, foreignKey, genericReference, integer, text } from '../../fields/index.ts'
import { type AnyModel, model } from '../../models/index.ts'
import { inPlainTypes, introspect, wantedTables } from '../introspection/index.ts'
import { type Bench, onEachDatabase } from '../test-project.ts'

const MOMENT = '2026-01-01 00:00:00'
const BUSINESS = newId()

const Team = model('clients.Team', { scope: 'business', id: 'bigint', fields: { name: text({ max: 50 }) } })
const Client = model('clients.Client', {
  scope: 'business',
  fields: {
    name: text({ max: 50, unique: true }),
    team: foreignKey('clients.Team', { onDelete: 'protect', id: 'bigint' }).optional(),
    parent: foreignKey('clients.Client', { onDelete: 'protect' }).optional(),
  },
  unique: [['team', 'name']],
  indexes: [['name', '-created_at']],
})

/** A team and a client in it, who is her own parent. */
async function start({ project, database, run }: Bench): Promise<void> {
  await project.declare(Team, Client).make()
  await project.migrate(database)
  const id = newId()
  await run('insert into clients_team (business_id, id, name, created_at, updated_at) values (?, 5, ?, ?, ?)', [
    BUSINESS,
    'Sales',
    MOMENT,
    MOMENT,
  ])
  await run(
    'insert into clients_client (business_id, id, name, team_id, parent_id, created_at, updated_at) values (?, ?, ?, 5, ?, ?, ?)',
    [BUSINESS, id, 'Asha', id, MOMENT, MOMENT],
  )
}

/** Applies an operation written by hand, looks that the tables are as the models say, and goes back and forth. */
async function apply(bench: Bench, [imports, operation]: readonly [string[], string], models: readonly AnyModel[]) {
  const { project, database } = bench
  const tables = () => introspect(database, database.dialect)
  const before = await tables()
  const options = `dependencies: [['clients', '0001_initial']], operations: [${operation}]`
  await project.write('clients', '0002_by_hand', { imports, options })
  await project.migrate(database)
  assert.deepEqual(inPlainTypes(await tables(), database.dialect), wantedTables(models, database.dialect))
  assert.deepEqual((await project.declare(...models).make()).lines, ['No changes detected'])
  await project.migrate(database, { target: { app: 'clients', name: '0001' } })
  assert.deepEqual(await tables(), before)
  await project.migrate(database)
}

onEachDatabase('operations', (withBench) => {
  it(
    'renameModel keeps rows, and foreign keys follow',
    withBench(async (bench) => {
      await start(bench)
      const Group = model('clients.Group', { scope: 'business', id: 'bigint', fields: { name: text({ max: 50 }) } })
      const { team: _team, ...fields } = Client.fields
      const Renamed = model('clients.Client', {
        scope: 'business',
        fields: { ...fields, team: foreignKey(() => Group, { onDelete: 'protect' }).optional() },
        unique: [['team', 'name']],
        indexes: [['name', '-created_at']],
      })
      await apply(bench, [['renameModel'], `renameModel('Team', 'Group')`], [Group, Renamed])
      const sql = 'select g.name, c.name from clients_client c join clients_group g on g.id = c.team_id'
      assert.deepEqual(await bench.run(sql), [['Sales', 'Asha']])
      await assert.rejects(bench.run('delete from clients_group'))
    }),
  )

  it(
    'renameModel renames what references to any of several models name, there and back',
    withBench(async ({ project, database, run }) => {
      const reference = genericReference('subject', { to: 'any', onDelete: 'cascade' })
      const remark = { scope: 'business', softDelete: false, fields: { body: text(), ...reference } } as const
      await project.declare(Client, Team, model('notes.Remark', remark)).make()
      await project.migrate(database)
      const columns = 'business_id, id, body, subject_type, subject_id, created_at, updated_at'
      for (const label of ['clients.Client', 'clients.Client2']) {
        const values = [BUSINESS, newId(), label, label, newId(), MOMENT, MOMENT]
        await run(`insert into notes_remark (${columns}) values (?, ?, ?, ?, ?, ?, ?)`, values)
      }
      const labels = async () => (await run('select subject_type from notes_remark order by body')).flat().map(String)
      const options = `dependencies: [['clients', '0001_initial'], ['notes', '0001_initial']], operations: [renameModel('Client', 'Person')]`
      await project.write('clients', '0002_by_hand', { imports: ['renameModel'], options })
      await project.migrate(database)
      assert.deepEqual(await labels(), ['clients.Person', 'clients.Client2'])
      await project.migrate(database, { target: { app: 'clients', name: '0001' } })
      assert.deepEqual(await labels(), ['clients.Client', 'clients.Client2'])
    }),
  )

  it(
    'renameModel takes foreign keys to itself along',
    withBench(async (bench) => {
      await start(bench)
      const Person = model('clients.Person', {
        scope: 'business',
        fields: { ...Client.fields, parent: foreignKey('clients.Person', { onDelete: 'protect' }).optional() },
        unique: [['team', 'name']],
        indexes: [['name', '-created_at']],
      })
      await apply(bench, [['renameModel'], `renameModel('Client', 'Person')`], [Team, Person])
      assert.deepEqual(await bench.run('select name from clients_person where parent_id = id'), [['Asha']])
    }),
  )

  it(
    'renameField keeps values, and its indexes, unique sets and foreign keys follow',
    withBench(async (bench) => {
      await start(bench)
      const { name, team, parent } = Client.fields
      const Renamed = model('clients.Client', {
        scope: 'business',
        fields: { title: name, squad: team, parent },
        unique: [['squad', 'title']],
        indexes: [['title', '-created_at']],
      })
      const operations = `renameField('Client', 'name', 'title'), renameField('Client', 'team', 'squad')`
      await apply(bench, [['renameField'], operations], [Team, Renamed])
      assert.deepEqual((await bench.run('select title, squad_id from clients_client')).map(String), ['Asha,5'])
    }),
  )

  it(
    'alterModelTable renames the table with its keys',
    withBench(async (bench) => {
      await start(bench)
      const Moved = model('clients.Client', {
        scope: 'business',
        table: 'customers',
        fields: Client.fields,
        unique: [['team', 'name']],
        indexes: [['name', '-created_at']],
      })
      await apply(bench, [['alterModelTable'], `alterModelTable('Client', 'customers')`], [Team, Moved])
      assert.deepEqual(await bench.run('select name from customers'), [['Asha']])
    }),
  )

  it(
    'alterSoftDelete removes deleted rows for good when it stops keeping them',
    withBench(async (bench) => {
      await start(bench)
      const Hard = model('clients.Client', {
        scope: 'business',
        softDelete: false,
        fields: Client.fields,
        unique: [['team', 'name']],
        indexes: [['name', '-created_at']],
      })
      await bench.run(
        'insert into clients_client (business_id, id, name, created_at, updated_at, deleted_at) values (?, ?, ?, ?, ?, ?)',
        [BUSINESS, newId(), 'Gone', MOMENT, MOMENT, MOMENT],
      )
      await apply(
        bench,
        [['alterSoftDelete'], `alterSoftDelete('Client', { isKept: false, confirmed: true })`],
        [Team, Hard],
      )
      assert.deepEqual(await bench.run('select name from clients_client'), [['Asha']])
    }),
  )

  it(
    'alterVersion starts counting at 1 for the rows that are there',
    withBench(async (bench) => {
      await start(bench)
      const Counted = model('clients.Client', {
        scope: 'business',
        version: true,
        fields: Client.fields,
        unique: [['team', 'name']],
        indexes: [['name', '-created_at']],
      })
      await apply(bench, [['alterVersion'], `alterVersion('Client', { isCounted: true })`], [Team, Counted])
      assert.deepEqual((await bench.run('select version from clients_client')).map(String), ['1'])
      const { lines } = await bench.project.declare(Team, Client).make()
      assert.match(lines.join(' '), /Stop counting changes of client/)
      await bench.project.migrate(bench.database)
      await bench.project.migrate(bench.database, { target: { app: 'clients', name: '0002' } })
      assert.deepEqual((await bench.run('select version from clients_client')).map(String), ['1'])
    }),
  )

  it(
    'a field that may be null is filled when it no longer may',
    withBench(async (bench) => {
      await start(bench)
      const grown = (age: Field): AnyModel =>
        model('clients.Team', { scope: 'business', id: 'bigint', fields: { ...Team.fields, age } })
      await bench.project.declare(grown(integer().optional()), Client).make()
      await bench.project.migrate(bench.database)
      await bench.project.declare(grown(integer().default(() => 30)), Client).make()
      await bench.project.migrate(bench.database)
      assert.deepEqual((await bench.run('select age from clients_team')).map(String), ['30'])
      await assert.rejects(bench.run('update clients_team set age = null'))
      const insert = 'insert into clients_team (business_id, id, name, created_at, updated_at) values (?, 6, ?, ?, ?)'
      await assert.rejects(bench.run(insert, [BUSINESS, 'No default is kept', MOMENT, MOMENT]))
    }),
  )

  it(
    'runScript and runSql work on rows, with the models of their time, there and back',
    withBench(async (bench) => {
      await start(bench)
      const { project, database, run } = bench
      const script = `runScript(
        async ({ database, model }) => {
          const { table, fields } = model('clients.Team')
          await database.execute({ sql: \`update \${table} set name = '\${Object.keys(fields).join()}'\` })
        },
        async ({ database }) => { await database.execute({ sql: "update clients_team set name = 'back'" }) },
      )`
      const sql = `runSql(
        { postgresql: ["update clients_team set name = name || '!'"], sqlite: "update clients_team set name = name || '!'", mysql: "update clients_team set name = concat(name, '!')" },
        [],
      )`
      const options = `dependencies: [['clients', '0001_initial']], operations: [${script}, ${sql}]`
      await project.write('clients', '0002_names', { imports: ['runScript', 'runSql'], options })
      await project.migrate(database)
      assert.deepEqual(await run('select name from clients_team'), [['name!']])
      await project.migrate(database, { target: { app: 'clients', name: '0001' } })
      assert.deepEqual(await run('select name from clients_team'), [['back']])
    }),
  )

  it(
    'an operation without a way back is refused before anything is undone',
    withBench(async (bench) => {
      await start(bench)
      const { project, database } = bench
      const options = `dependencies: [['clients', '0001_initial']], operations: [runSql([]), addField('Team', 'age', integer().optional())]`
      await project.write('clients', '0002_stuck', { imports: ['runSql', 'addField', 'integer'], options })
      await project.migrate(database)
      const tables = await introspect(database, database.dialect)
      await assert.rejects(project.migrate(database, { target: { app: 'clients', name: '0001' } }), {
        message: 'Cannot reverse clients.0002_stuck: "Raw SQL operation" has no way back',
      })
      assert.deepEqual(await introspect(database, database.dialect), tables)
    }),
  )
})
