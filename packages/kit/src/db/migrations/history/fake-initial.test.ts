import assert from 'node:assert/strict'
import { it } from 'node:test'
import { integer, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { createTables } from '../create-tables.ts'
import { onEachDatabase } from '../test-project.ts'

const person = (fields = {}) => model('crm.Person', { scope: 'business', fields: { name: text(), ...fields } })
const team = () => model('crm.Team', { scope: 'business', fields: { title: text() } })

onEachDatabase('migrate --fake-initial', (withBench) => {
  it(
    'only notes a first migration whose tables are there, and applies the rest',
    withBench(async ({ project, database, run }) => {
      await createTables(database, [person(), team()])
      await project.declare(person(), team()).make()
      await project.declare(person({ age: integer().optional() }), team()).make()
      let output = ''
      const onProgress = (text: string): void => {
        output += text
      }
      await project.migrate(database, { fakeInitial: true, onProgress })
      assert.match(output, /Applying crm\.0001_initial\.\.\. FAKED\n {2}Applying crm\.0002_person_age\.\.\. OK\n$/)
      assert.deepEqual(await run('select age from crm_person'), [])
    }),
  )

  it(
    'makes what is not there, and refuses tables that are something else',
    withBench(async ({ project, database, another, run }) => {
      await project.declare(person(), team()).make()
      const { database: empty } = await another()
      assert.deepEqual((await project.migrate(empty, { fakeInitial: true })).applied, ['crm.0001_initial'])
      await createTables(database, [person(), team()])
      await run('alter table crm_team drop column title')
      await assert.rejects(
        project.migrate(database, { fakeInitial: true }),
        /Cannot fake crm\.0001_initial: its tables are there, but they are not what it makes\.\n {2}crm_team: The column "title" is missing\./,
      )
    }),
  )
})
