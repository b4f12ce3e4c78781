import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { type Database, type TestDatabase, testDatabases } from '../../dialects/index.ts'
import { foreignKey, integer, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { TestProject } from '../test-project.ts'

describe('a table of SQLite that is made anew', () => {
  let test: TestDatabase
  let database: Database
  let project: TestProject
  const run = async (sql: string) => (await database.execute({ sql })).rows

  beforeEach(async () => {
    test = await sqlite()
    database = test.database
    project = await TestProject.create()
    await project.declare(country(100), city()).make()
    await project.migrate(database)
    await run("insert into geo_country (name) values ('Bahrain'), ('Oman'), ('Nowhere')")
    await run("delete from geo_country where name = 'Nowhere'")
    await run("insert into geo_city (id, name, country_id) values ('c1', 'Riffa', 1)")
  })
  afterEach(async () => {
    await project.remove()
    await test.drop()
  })

  it('keeps its rows and those that point to them', async () => {
    await widen()
    assert.deepEqual(await run('select id, name from geo_country'), [
      [1, 'Bahrain'],
      [2, 'Oman'],
    ])
    assert.deepEqual(await run('select name, country_id from geo_city'), [['Riffa', 1]])
    await assert.rejects(run('delete from geo_country'))
  })

  it('gives out no number twice', async () => {
    await widen()
    await run("insert into geo_country (name) values ('Kuwait')")
    assert.deepEqual(await run("select id from geo_country where name = 'Kuwait'"), [[4]])
  })

  it('keeps indexes and triggers that were made by hand', async () => {
    await run('create index by_hand on geo_country (name collate nocase)')
    await run('create trigger counted after insert on geo_country begin update geo_city set name = new.name; end')
    await widen()
    const made = await run("select name from sqlite_schema where name in ('by_hand', 'counted') order by name")
    assert.deepEqual(made, [['by_hand'], ['counted']])
  })

  it('is refused if rows would point to nothing', async () => {
    const options = `dependencies: [['geo', '0001_initial']], operations: [runSql("update geo_city set country_id = 9", [])]`
    await project.write('geo', '0002_lost', { imports: ['runSql'], options })
    await assert.rejects(project.migrate(database), {
      message: 'Migration geo.0002_lost leaves 1 row(s) that point to no row: geo_city → geo_country',
    })
    assert.deepEqual(await run('select country_id from geo_city'), [[1]])
  })

  async function widen(): Promise<void> {
    await project.declare(country(150), city()).make()
    await project.migrate(database)
  }
})

const country = (max: number) =>
  model('geo.Country', { scope: 'global', reason: 'test', id: 'bigint', fields: { name: text({ max }) } })

const city = () =>
  model('geo.City', {
    scope: 'global',
    reason: 'test',
    fields: {
      name: text(),
      country: foreignKey('geo.Country', { onDelete: 'protect', id: 'bigint' }),
      size: integer().optional(),
    },
  })

async function sqlite(): Promise<TestDatabase> {
  const source = testDatabases().find(({ name }) => name === 'sqlite')
  assert.ok(source)
  return source.create()
}
