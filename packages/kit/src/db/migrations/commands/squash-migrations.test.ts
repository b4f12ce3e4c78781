import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { foreignKey, integer, text } from '../../fields/index.ts'
import { type AnyModel, type Fields, model } from '../../models/index.ts'
import { introspect } from '../introspection/index.ts'
import { type Bench, onEachDatabase, TestProject } from '../test-project.ts'
import { pruneMigrations } from './prune-migrations.ts'
import { showMigrations } from './show-migrations.ts'
import { squashMigrations } from './squash-migrations.ts'

const scoped = (label: string, fields: Fields, more = {}): AnyModel =>
  model(label, { scope: 'business', fields, ...more })

const versions: readonly (() => AnyModel[])[] = [
  () => [scoped('crm.Person', { name: text({ max: 40 }) })],
  () => [scoped('crm.Person', { name: text({ max: 60 }), age: integer().default(1) }, { indexes: [['age']] })],
  () => [
    scoped('crm.Team', { title: text({ max: 40 }) }),
    scoped('crm.Person', {
      name: text({ max: 60 }),
      team: foreignKey('crm.Team', { onDelete: 'cascade' }).optional(),
    }),
  ],
]

async function declareAll(project: TestProject): Promise<void> {
  for (const models of versions) await project.declare(...models()).make()
}

const squash = (project: TestProject, more = {}) =>
  squashMigrations({ apps: project.apps, app: 'crm', end: '0003', ...more })

describe('squashmigrations', () => {
  it('writes one migration that makes the models as they have become', async () => {
    const project = await TestProject.create()
    await declareAll(project)
    const { name, text: source, lines } = await squash(project, { squashedName: 'people' })
    assert.equal(name, '0001_people')
    const body = source.slice(source.indexOf('export default'))
    assert.equal(
      body,
      `export default migration({
  replaces: [
    ['crm', '0001_initial'],
    ['crm', '0002_person_age_alter_person_name_person_age_idx'],
    ['crm', '0003_team_remove_person_age_idx_remove_person_age_and_more'],
  ],
  initial: true,
  operations: [
    createModel('Team', {
      scope: 'business',
      fields: {
        title: text({ max: 40 }),
      },
    }),
    createModel('Person', {
      scope: 'business',
      fields: {
        name: text({ max: 60 }),
        team: foreignKey('crm.Team', { onDelete: 'cascade' }).optional(),
      },
    }),
  ],
})
`,
    )
    assert.match(lines.join('\n'), /Optimized from 8 operations to 2 operations\.\nCreated new squashed migration/)
    await assert.rejects(squash(project, { end: '0001_people' }), /cannot squash squashed migrations/)
    await project.remove()
  })

  it('refuses what cannot be written, and leaves out what is of no use to new databases', async () => {
    const project = await TestProject.create()
    await project.declare(...(versions[0]?.() ?? [])).make()
    const script = (more: string): Promise<void> =>
      project.write('crm', '0002_script', {
        imports: ['runScript'],
        options: `dependencies: [['crm', '0001_initial']], operations: [runScript(() => {}, () => {}${more})]`,
      })
    await script('')
    await assert.rejects(squash(project, { end: '0002' }), /Cannot squash crm\.0002_script: the functions of/)
    await assert.rejects(squash(project, { end: '0001' }), /nothing to squash/)
    await assert.rejects(squash(project, { start: '0002', end: '0001' }), /Maybe it comes after the migration/)
    const other = await TestProject.create()
    await other.declare(...(versions[0]?.() ?? [])).make()
    await other.write('crm', '0002_script', {
      imports: ['runScript'],
      options: `dependencies: [['crm', '0001_initial']], operations: [runScript(() => {}, () => {}, { isElidable: true })]`,
    })
    assert.doesNotMatch((await squash(other, { end: '0002', optimize: false })).text, /runScript/)
    await Promise.all([project.remove(), other.remove()])
  })
})

onEachDatabase('a squashed migration', (withBench) => {
  it(
    'takes the place of those it replaces, on new databases and on those that have had them',
    withBench(async ({ project, database, another, ...bench }) => {
      await declareAll(project)
      const recorded = () => recordedIn({ project, database, another, ...bench })
      const { database: other } = await another()
      await project.migrate(database)
      await project.migrate(other, { target: { app: 'crm', name: '0002' } })
      const tables = await introspect(database, database.dialect)
      const { name } = await squash(project)
      const show = (shown: typeof database) => showMigrations({ database: shown, apps: project.apps })
      assert.deepEqual(await show(database), [
        'crm',
        ` [-] ${name} (3 squashed migrations) run 'manage migrate' to finish recording.`,
      ])
      assert.deepEqual((await project.migrate(database)).applied, [])
      assert.deepEqual((await show(database))[1], ` [X] ${name} (3 squashed migrations)`)
      assert.equal((await recorded()).length, 4)

      // Half way through the old ones, a database goes on with those.
      assert.match((await project.migrate(other)).applied.join(), /^crm\.0003_/)
      assert.deepEqual(await introspect(other, other.dialect), tables)
      assert.equal((await show(other))[1], ` [X] ${name} (3 squashed migrations)`)

      const { database: fresh } = await another()
      assert.deepEqual((await project.migrate(fresh)).applied, [`crm.${name}`])
      assert.deepEqual(await introspect(fresh, fresh.dialect), tables)
      await project.migrate(fresh, { target: { app: 'crm', name: 'zero' } })
      assert.deepEqual(await introspect(fresh, fresh.dialect), [])
    }),
  )

  it(
    'outlives the files of those it replaces, and their records once it is a migration like any other',
    withBench(async (bench) => {
      const { project, database } = bench
      await declareAll(project)
      await project.migrate(database)
      const { name } = await squash(project)
      await project.migrate(database)
      const folder = join(project.folder, 'crm', 'migrations')
      const old = (await recordedIn(bench)).filter((key) => key !== name)
      for (const file of old) await rm(join(folder, `${file}.ts`))
      assert.deepEqual((await project.migrate(database)).applied, [])
      const prune = () => pruneMigrations({ database, apps: project.apps, app: 'crm' })
      assert.match((await prune()).join('\n'), /Cannot use --prune because/)
      assert.equal((await recordedIn(bench)).length, 4)
      // Under another name, since a file is read once by a process: it is 'replaces' that has gone.
      await rm(join(folder, `${name}.ts`))
      await project.write('crm', '0001_whole', { imports: [], options: 'operations: []' })
      await project.migrate(database, { fake: true })
      assert.deepEqual((await prune()).slice(0, 2), ['Pruning migrations:', '  Pruning crm.0001_initial... OK'])
      assert.deepEqual(await recordedIn(bench), ['0001_whole'])
      assert.deepEqual(await prune(), ['Pruning migrations:', '  No migrations to prune.'])
    }),
  )
})

async function recordedIn({ run }: Bench): Promise<string[]> {
  return (await run('select name from bailiwick_migrations order by name')).map(String)
}
