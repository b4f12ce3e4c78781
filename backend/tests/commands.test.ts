import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ManageProcess } from './manage-process.ts'

describe('the commands of manage', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.here()
    const { code, stderr } = await manage.run(['migrate'])
    assert.equal(code, 0, stderr)
  })
  after(() => manage?.remove())

  test('an unknown command is told with a guess, and ends with 1', async () => {
    const { code, stdout, stderr } = await manage.run(['migrat'])
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    assert.equal(stderr, "Unknown command: 'migrat'. Did you mean migrate?\nType 'node manage.ts help' for usage.\n")
  })

  test('help lists every command', async () => {
    const { code, stdout } = await manage.run(['help'])
    assert.equal(code, 0)
    const named =
      'startapp runserver serve migrate makemigrations showmigrations sqlmigrate squashmigrations inspectdb createsuperuser changepassword check shell test show_urls schema demo access:explain'
    for (const name of named.split(' ')) assert.match(stdout, new RegExp(`^  ${name} `, 'm'))
  })

  test('a bad option ends with 2', async () => {
    const { code, stderr } = await manage.run(['migrate', '--nosuch'])
    assert.equal(code, 2)
    assert.match(stderr, /unknown option '--nosuch'/)
  })

  test('attacks are made on apps that there are', async () => {
    const { code, stderr } = await manage.run(['test', '--isolation', 'nosuch'])
    assert.equal(code, 2)
    assert.equal(stderr, "CommandError: No installed app with label 'nosuch'.\n")
  })

  test('migrating again finds nothing to do', async () => {
    const { code, stdout } = await manage.run(['migrate'])
    assert.equal(code, 0)
    assert.match(stdout, /^Operations to perform:\n {2}Apply all migrations: account, business, clients, kit\n/)
    assert.match(stdout, / {2}No migrations to apply\.\n$/)
    assert.equal((await manage.run(['migrate', '--check'])).code, 0)
  })

  test('the models are as the migrations say', async () => {
    const { code, stdout } = await manage.run(['makemigrations', '--check'])
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'No changes detected\n' })
  })

  test('showmigrations marks what is applied', async () => {
    const { stdout } = await manage.run(['showmigrations', 'clients'])
    assert.equal(stdout, 'clients\n [X] 0001_initial\n')
  })

  test('check --database compares the tables with the models', async () => {
    const same = await manage.run(['check', '--database', '--fail-level', 'info'])
    assert.deepEqual({ code: same.code, stderr: same.stderr }, { code: 0, stderr: '' })
    const other = join(manage.folder, 'other.sqlite3')
    const empty = await manage.run(['check', '--database'], { environment: { DB_NAME: other } })
    assert.equal(empty.code, 1)
    assert.match(empty.stderr, /clients_client: \(database\.E901\) The table is missing\./)
    assert.match(empty.stderr, /clients\.0001_initial: \(database\.W901\) The database has not had this migration\./)
  })

  test('check --migrations tells what a new field does to a table in use, and says nothing of new tables', async () => {
    const { code, stdout } = await manage.run(['check', '--migrations'])
    assert.equal(code, 0)
    assert.match(stdout, /^account\.0002_sign_in: \(migrations\.W901\) "Add field language to user" on MariaDB: /m)
    assert.doesNotMatch(stdout, /0001_initial|Create model/)
    const strict = await manage.run(['check', '--migrations', '--fail-level', 'warning'])
    assert.equal(strict.code, 1)
  })

  test('check --migrations --database finds no harm where nothing is to come', async () => {
    const { code, stdout } = await manage.run(['check', '--migrations', '--database', '--fail-level', 'info'])
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'System check identified no issues (0 silenced).\n' })
  })

  test('sqlmigrate prints the SQL of any database without one', async () => {
    const environment = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' }
    const { code, stdout } = await manage.run(['sqlmigrate', 'clients', '0001', '--dialect', 'mariadb'], {
      environment,
    })
    assert.equal(code, 0)
    assert.match(stdout, /engine=InnoDB/)
    assert.match(
      (await manage.run(['sqlmigrate', 'clients', '0001'], { environment })).stdout,
      /^BEGIN;[\s\S]*"clients_client"/,
    )
    const unknown = await manage.run(['sqlmigrate', 'clients', '0001', '--dialect', 'oracle'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /Choose from postgresql, mysql, mariadb, sqlite/)
  })

  test('inspectdb prints models for the tables that are there', async () => {
    const { code, stdout } = await manage.run(['inspectdb', 'clients_client', '--app', 'clients'])
    assert.equal(code, 0)
    assert.match(stdout, /^import \{[^}]+\} from '@bailiwick\/kit\/db'\n/)
    assert.match(stdout, /export const Client = model\('clients\.Client', \{\n {2}scope: 'business',/)
  })

  test('history is pruned app by app', async () => {
    const all = await manage.run(['migrate', '--prune'])
    assert.deepEqual(
      [all.code, all.stderr],
      [1, 'CommandError: Migrations can be pruned only when an app is specified.\n'],
    )
    const one = await manage.run(['migrate', 'clients', '--prune'])
    assert.deepEqual([one.code, one.stdout], [0, 'Pruning migrations:\n  No migrations to prune.\n'])
  })

  test('an app goes back to zero and forth again', async () => {
    const back = await manage.run(['migrate', 'clients', 'zero'])
    assert.equal(back.code, 0, back.stderr)
    assert.match(back.stdout, /Unapplying clients\.0001_initial\.\.\. OK/)
    const check = await manage.run(['migrate', '--check'])
    assert.equal(check.code, 1)
    assert.match(check.stderr, /CommandError: There are 1 unapplied migration\(s\)\./)
    assert.equal((await manage.run(['migrate'])).code, 0)
  })

  test('sqlmigrate prints the SQL', async () => {
    const { stdout } = await manage.run(['sqlmigrate', 'clients', '0001'])
    assert.match(stdout, /^BEGIN;\n--\n-- Create model Client\n--\n/)
    assert.match(stdout, /create table "clients_client"/i)
  })

  test('an app that is not installed is an expected failure, without a trace', async () => {
    const { code, stderr } = await manage.run(['migrate', 'nosuch'])
    assert.deepEqual({ code, stderr }, { code: 1, stderr: "CommandError: No installed app with label 'nosuch'.\n" })
    const traced = await manage.run(['--traceback', 'migrate', 'nosuch'])
    assert.equal(traced.code, 1)
    assert.match(traced.stderr, /at .*\.ts:\d+/)
  })

  test('commands that sign and serve nothing need no secrets; the server names each that is missing', async () => {
    const environment = { DEBUG: '' }
    assert.equal((await manage.run(['migrate'], { environment })).code, 0)
    const { code, stderr } = await manage.run(['serve'], { environment })
    assert.equal(code, 1)
    for (const name of ['SECRET_KEY', 'JWT_SECRET_KEY', 'ALLOWED_HOSTS']) {
      assert.match(stderr, new RegExp(`^${name}: got nothing, wanted `, 'm'))
    }
    assert.doesNotMatch(stderr, /at .*\.ts:\d+/)
  })

  test('a malformed setting stops every command with one line', async () => {
    const { code, stderr } = await manage.run(['migrate'], { environment: { PORT: 'eighty' } })
    assert.equal(code, 1)
    assert.match(stderr, /^PORT: got "eighty", wanted /)
  })

  test('check finds no issues', async () => {
    const { code, stdout } = await manage.run(['check'])
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'System check identified no issues (0 silenced).\n' })
  })

  test('check --deploy warns, and fails at the level that it is told', async () => {
    const warned = await manage.run(['check', '--deploy'])
    assert.equal(warned.code, 0)
    assert.match(warned.stdout, /DEBUG: \(security\.W018\) You should not have DEBUG set to True in deployment\./)
    const failed = await manage.run(['check', '--deploy', '--fail-level', 'WARNING'])
    assert.equal(failed.code, 1)
    assert.match(failed.stderr, /^SystemCheckError: System check identified some issues:\n\nWARNINGS:\n/)
  })

  test('show_urls lists what is served, by address and permission', async () => {
    const { stdout } = await manage.run(['show_urls', '--format', 'json'])
    const urls: { readonly path: string; readonly method: string }[] = JSON.parse(stdout)
    const destroy = urls.find(({ path, method }) => path === '/api/clients/clients/{id}/' && method === 'DELETE')
    assert.deepEqual(destroy, {
      method: 'DELETE',
      path: '/api/clients/clients/{id}/',
      name: 'clients_clients_destroy',
      permission: 'atLeast(manager)',
    })
  })

  test('schema writes the document, in JSON or YAML, to the output or a file', async () => {
    const { stdout } = await manage.run(['schema'])
    assert.equal(JSON.parse(stdout).openapi, '3.1.0')
    const file = join(manage.folder, 'schema.yaml')
    assert.equal((await manage.run(['schema', '--format', 'yaml', '--file', file])).code, 0)
    assert.match(await readFile(file, 'utf8'), /^openapi: 3\.1\.0\n/)
  })
})
