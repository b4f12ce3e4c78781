import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { type Database, openDatabase, type TestDatabase, testDatabases } from '../dialects/index.ts'
import { foreignKey, text } from '../fields/index.ts'
import { model } from '../models/index.ts'
import { createTables } from './create-tables.ts'
import { roleProblems, wallProblems } from './wall-problems.ts'

const Team = model('crm.Team', { scope: 'business', fields: { name: text({ max: 50, unique: true }) } })
const Person = model('crm.Person', {
  scope: 'business',
  fields: { team: foreignKey('crm.Team', { onDelete: 'protect' }) },
})
const Open = model('crm.Open', { scope: 'business', fields: { name: text({ max: 50 }) } })
const models = [Team, Person]
const refusals = (database: Database): Promise<string[]> => roleProblems(database, true)
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

    it('are missed where a table has lost its primary key', async () => {
      const key = source.name === 'mysql' ? 'primary key' : 'constraint crm_person_pkey'
      await run(`alter table crm_person drop ${key}`)
      assert.match(
        (await problems()).join('\n'),
        /^crm_person: .*primary key.* Somebody has changed the table by hand/m,
      )
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

    it('are missed where the owner of a table is not held by its policy, or all are let through', async () => {
      await createTables(test.database, [Open])
      const remedy = "Run 'node manage.ts migrate', which puts it back."
      const ofOpen = () => problems({ models: [Open], isMigrated: false })
      for (const [sql, undo, text] of [
        [
          'no force row level security',
          'force row level security',
          'Row-level security is not forced on the owner of the table.',
        ],
        ['disable row level security', 'enable row level security', 'Row-level security is not enabled.'],
      ] as const) {
        await run(`alter table crm_open ${sql}`)
        assert.deepEqual(await ofOpen(), [`crm_open: ${text} ${remedy}`])
        await run(`alter table crm_open ${undo}`)
      }
      await run('alter policy bailiwick_rows on crm_open using (true)')
      const told = `crm_open: The policy "bailiwick_rows" is not the one that is wanted. ${remedy}`
      assert.deepEqual(await ofOpen(), [told])
    })

    it('hold no role that bypasses row-level security', async (t) => {
      const admin = await openDatabase({ ...test.adminOptions, poolSize: 1 })
      const role = `bw_test_${newId().replaceAll('-', '')}`
      try {
        const [row] = (
          await admin.execute({ sql: 'select rolname from pg_roles where rolname = current_user and rolsuper' })
        ).rows
        if (!row) return t.skip('the role of the server is no superuser')
        const remedy = `Connect as a role made by "create role app login", which may own the tables, or set DB_RLS=false.`
        assert.deepEqual(await refusals(admin), [`Row-level security does not bind the superuser ${row[0]}. ${remedy}`])
        assert.deepEqual(await roleProblems(admin, false), [])
        await admin.execute({ sql: `create role ${role} login bypassrls password '${role}'` })
        const bypassing = await openDatabase({ ...test.options, user: role, password: role, poolSize: 1 })
        assert.deepEqual(await refusals(bypassing), [
          `Row-level security does not bind ${role}, who has BYPASSRLS. ${remedy}`,
        ])
        await bypassing.close()
        await admin.execute({ sql: `alter role ${role} nobypassrls` })
        await admin.execute({ sql: `alter role ${role} set app.business = '*'` })
        const opened = await openDatabase({ ...test.options, user: role, password: role, poolSize: 1 })
        assert.match(
          (await refusals(opened)).join(),
          /begin with "app\.business" set to "\*".* alter role ".*" reset app\.business/,
        )
        await opened.close()
      } finally {
        await admin.execute({ sql: `drop role if exists ${role}` })
        await admin.close()
      }
    })
  })
}
