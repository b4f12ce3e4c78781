import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openDatabase, type TestDatabase, testDatabases } from '../dialects/index.ts'
import { foreignKey, text } from '../fields/index.ts'
import { model } from '../models/index.ts'
import { createTables } from './create-tables.ts'
import { wallProblems } from './wall-problems.ts'

const Team = model('crm.Team', { scope: 'business', fields: { name: text({ max: 50, unique: true }) } })
const Person = model('crm.Person', {
  scope: 'business',
  fields: { team: foreignKey('crm.Team', { onDelete: 'protect' }) },
})
const models = [Team, Person]
const STANDING = { models, rowSecurity: true, isMigrated: true }

for (const source of testDatabases().filter(({ name }) => name !== 'sqlite')) {
  describe(`walls in the database (${source.name})`, () => {
    let test: TestDatabase
    before(async () => {
      test = await source.create()
      await createTables(test.database, models)
    })
    after(() => test.drop())

    const problems = (more = {}) => wallProblems({ database: test.database, ...STANDING, ...more })
    const run = (sql: string) => test.database.execute({ sql })

    it('stand once the tables are made', async () => {
      assert.deepEqual(await problems(), [])
    })

    it('are missed where a foreign key or an index has gone, but not before the migrations', async () => {
      const word = source.name === 'mysql' ? 'foreign key' : 'constraint'
      await run(`alter table crm_person drop ${word} crm_person_team_id_fk`)
      await run(source.name === 'mysql' ? 'drop index crm_team_name_uniq on crm_team' : 'drop index crm_team_name_uniq')
      assert.match((await problems()).join('\n'), /^crm_person: The foreign key .* is missing\./m)
      assert.match((await problems()).join('\n'), /^crm_team: The index "crm_team_name_uniq" is missing\./m)
      assert.deepEqual(await problems({ isMigrated: false }), [])
    })

    if (source.name !== 'postgresql') return

    it('are missed where a table has no policy, unless row-level security is off', async () => {
      await run('drop policy bailiwick_rows on crm_team')
      const told = `crm_team: The policy "bailiwick_rows" is missing. Run 'node manage.ts migrate', which puts it back.`
      assert.deepEqual(await problems({ isMigrated: false }), [told])
      const open = await openDatabase({ ...test.options, rowSecurity: false })
      assert.deepEqual(await problems({ database: open, isMigrated: false, rowSecurity: false }), [])
      await open.close()
      const [passedOver] = await problems({ isMigrated: false, rowSecurity: false })
      assert.match(String(passedOver), /^DB_RLS is off, but the connection does not let/)
    })
  })
}
