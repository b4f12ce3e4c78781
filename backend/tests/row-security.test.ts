import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Database, type DatabaseOptions, openDatabase, testDatabases } from '@bailiwick/kit/db'
import { ManageProcess, printed, stop } from './manage-process.ts'
import { signIn } from './sign-in.ts'

const HOW_TO = resolve(import.meta.dirname, '../../docs/how-to/run-on-postgresql.md')
const source = testDatabases().find(({ name }) => name === 'postgresql')
const PERSON = { SUPERUSER_EMAIL: 'asha@example.com', SUPERUSER_PASSWORD: 'a long enough password 7' }

/** The statements of the how-to for a role that owns the tables and one that serves: those of the server, and those of the database. */
function twoRoles(app: string, password: string): string[][] {
  const block = /```sql\n(create role app_owner [\s\S]*?)```/.exec(readFileSync(HOW_TO, 'utf8'))?.[1] ?? ''
  const named = block.replace(/\bapp(?=_owner\b|\b)/g, app).replaceAll('…', password)
  const parts = named.split(/^-- in the database, as .*$/m)
  return parts.map((part) =>
    part
      .split(';')
      .map((sql) => sql.trim())
      .filter(Boolean),
  )
}

describe('on PostgreSQL the server', { skip: source === undefined && 'PostgreSQL is not there' }, () => {
  const app = `bw_test_${randomBytes(8).toString('hex')}`
  const password = randomBytes(16).toString('hex')
  let manage: ManageProcess
  /** Whoever made the database of the test; it makes the roles as well. */
  let admin: Database
  let adminOptions: DatabaseOptions
  let dropSource: () => Promise<void>

  const urlOf = (user: string, secret = password): string => {
    const { host, port } = adminOptions
    return `postgresql://${user}${secret && `:${encodeURIComponent(secret)}`}@${host}:${port}/${app}`
  }
  const as = (user: string) => ({ environment: { DATABASE_URL: urlOf(user), ...PERSON } })
  const asOwner = async (statements: readonly string[]): Promise<void> => {
    const owner = await openDatabase({ ...adminOptions, name: app, user: `${app}_owner`, password, poolSize: 1 })
    for (const sql of statements) await owner.execute({ sql })
    await owner.close()
  }

  before(async () => {
    assert.ok(source)
    const made = await source.create()
    dropSource = made.drop
    adminOptions = made.adminOptions
    admin = await openDatabase({ ...adminOptions, poolSize: 1 })
    const [onServer = [], inDatabase = []] = twoRoles(app, password)
    assert.equal(onServer.length + inDatabase.length, 6)
    await admin.execute({ sql: `create role ${app} login password '${password}'` })
    for (const sql of onServer) await admin.execute({ sql })
    await asOwner(inDatabase)
    manage = await ManageProcess.here()
    const { code, stderr } = await manage.run(['migrate'], as(`${app}_owner`))
    assert.equal(code, 0, stderr)
  })

  after(async () => {
    await manage?.remove()
    await admin.execute({ sql: `drop database if exists ${app} with (force)` })
    for (const role of [app, `${app}_owner`]) await admin.execute({ sql: `drop role if exists ${role}` })
    await admin.close()
    await dropSource()
  })

  test('serves as a role that owns no table, which may change none', async () => {
    const made = await manage.run(['createsuperuser', '--noinput'], as(app))
    assert.equal(made.code, 0, made.stderr)
    const server = manage.start(['serve'], as(app))
    try {
      const [, url = ''] = await printed(server, /Serving at (http:\S+)\//)
      await signIn(url, PERSON.SUPERUSER_EMAIL, PERSON.SUPERUSER_PASSWORD)
    } finally {
      assert.equal(await stop(server), 0)
    }
    const bound = await openDatabase({ ...adminOptions, name: app, user: app, password, poolSize: 1 })
    for (const sql of [
      'drop policy bailiwick_rows on clients_client',
      'alter table clients_client add column more int',
    ]) {
      await assert.rejects(bound.execute({ sql }), /must be owner of/)
    }
    await bound.close()
  })

  test('does not start as a superuser', async (t) => {
    const { rows } = await admin.execute({ sql: 'select 1 from pg_roles where rolname = current_user and rolsuper' })
    if (rows.length === 0) return t.skip('the role of the server is no superuser')
    const { user = '', password: secret = '' } = adminOptions
    const environment = { DATABASE_URL: urlOf(user, secret) }
    const { code, stderr } = await manage.run(['serve'], { environment })
    assert.equal(code, 1)
    assert.match(stderr, /^CommandError: Cannot start: the database does not keep businesses apart\.\n/)
    assert.ok(stderr.includes(`Row-level security does not bind the superuser ${user}. Connect as a role made by`))
  })

  test('does not start while a table lacks its policy, and says which and what to do', async () => {
    await asOwner([
      'drop policy bailiwick_rows on clients_client',
      'alter table business_membership no force row level security',
    ])
    const { code, stderr } = await manage.run(['serve'], as(app))
    assert.equal(code, 1)
    assert.match(stderr, /^ {2}clients_client: The policy "bailiwick_rows" is missing\. Run 'node manage\.ts migrate'/m)
    assert.match(stderr, /^ {2}business_membership: Row-level security is not forced on the owner of the table\. Run/m)
    const migrated = await manage.run(['migrate'], as(`${app}_owner`))
    assert.equal(migrated.code, 0, migrated.stderr)
    const again = await manage.run(['check', '--database'], as(app))
    assert.equal(again.code, 0, again.stderr)
  })
})
