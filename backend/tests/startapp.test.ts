import assert from 'node:assert/strict'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { TestClient } from '@bailiwick/kit/testing'
import { ManageProcess, printed, stop } from './manage-process.ts'
import { signIn } from './sign-in.ts'

describe('a new app', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.copy()
  })
  after(() => manage?.remove())

  test('is written, registered, migrated and served, and passes its own tests', async () => {
    const started = await manage.run(['startapp', 'inventory', 'apps/inventory'])
    assert.equal(started.code, 0, started.stderr)
    const made = await manage.run(['makemigrations'])
    assert.match(
      made.stdout,
      /^Migrations for 'inventory':\n {2}apps\/inventory\/migrations\/0001_initial\.ts\n {4}- Create model Item\n$/,
    )
    assert.equal((await manage.run(['demo'])).code, 0)
    assert.equal((await manage.run(['check'])).stdout, 'System check identified no issues (0 silenced).\n')
    await assertServed(manage)
    const tested = await manage.run(['test', 'inventory'])
    assert.equal(tested.code, 0, tested.stdout)
    assert.match(tested.stdout, /^Found 2 test file\(s\)\.\n/)
    assert.match(tested.stdout, /no business reaches the rows of another/)
  })

  test('is refused under a name that is taken, or is none', async () => {
    const failures = {
      clients:
        "CommandError: 'clients' conflicts with the name of an existing app and cannot be used as an app name. Please try another name.\n",
      kit: "CommandError: 'kit' conflicts with a name that the kit uses. Please try another name.\n",
    }
    for (const [name, stderr] of Object.entries(failures)) {
      assert.deepEqual(await manage.run(['startapp', name]), { code: 1, stdout: '', stderr })
    }
    const malformed = await manage.run(['startapp', '2-fast'])
    assert.match(malformed.stderr, /^CommandError: '2-fast' is not a valid app name\./)
    const elsewhere = await manage.run(['startapp', 'stock', 'lib/stock'])
    assert.equal(elsewhere.stderr, "CommandError: Cannot create the app in 'lib/stock': its place is apps/stock.\n")
  })
})

describe('mistakes in a project', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.copy()
  })
  after(() => manage?.remove())

  test('are told by check under their ids, with a hint', async () => {
    const admin = join(manage.root, 'apps/clients/admin.ts')
    await writeFile(
      admin,
      (await readFile(admin, 'utf8')).replace("'name', 'email', 'status'", "'nmae', 'email', 'status'"),
    )
    const models = join(manage.root, 'apps/clients/models.ts')
    await writeFile(
      models,
      (await readFile(models, 'utf8')).replace('email: email()', 'fax: text().optional(),\n    email: email()'),
    )
    const urls = join(manage.root, 'core/urls.ts')
    await writeFile(urls, (await readFile(urls, 'utf8')).replace('businessRouter, clientsRouter]', 'clientsRouter]'))
    const { code, stderr } = await manage.run(['check'])
    assert.equal(code, 1)
    assert.match(
      stderr,
      /^SystemCheckError: System check identified some issues:\n\nERRORS:\nclients\.Client: \(admin\.E108\) The value of 'listDisplay\[0\]' refers to 'nmae'/,
    )
    assert.match(stderr, /clients: \(migrations\.W001\) .*\n\tHINT: Run 'node manage\.ts makemigrations'\./)
    assert.match(stderr, /business: \(urls\.W004\) The app 'business' has urls\.ts, but its router is not served\./)
    assert.match(stderr, /\nSystem check identified 3 issues \(0 silenced\)\.\n$/)
  })
})

describe('runserver', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.copy()
    assert.equal((await manage.run(['migrate'])).code, 0)
  })
  after(() => manage?.remove())

  test('checks, serves, and starts anew when a file changes', async () => {
    const server = manage.start(['runserver', '127.0.0.1:0'])
    const started =
      /System check identified no issues[\s\S]*Starting development server at (http:\S+)\/\nQuit the server with CONTROL-C\./
    try {
      const [, url = ''] = await printed(server, started)
      assert.equal((await fetch(`${url}/api/health/live/`)).status, 200)
      const again = printed(server, /Starting development server at (http:\S+)\//)
      await appendFile(join(manage.root, 'apps/clients/views.ts'), '\n// Changed.\n')
      const [, newUrl = ''] = await again
      assert.equal((await fetch(`${newUrl}/api/health/live/`)).status, 200)
    } finally {
      await stop(server)
    }
  })

  test('an address that is none is refused', async () => {
    const { code, stderr } = await manage.run(['runserver', 'nowhere'])
    assert.equal(code, 1)
    assert.equal(stderr, 'CommandError: "nowhere" is not a valid port number or address:port pair.\n')
  })
})

/** The new app answers a member, and nobody else. */
async function assertServed(manage: ManageProcess): Promise<void> {
  const server = manage.start(['serve'])
  try {
    const [, url = ''] = await printed(server, /Serving at (http:\S+)\//)
    assert.equal((await new TestClient(url).get('/api/inventory/items/')).status, 401)
    const client = await signIn(url, 'admin@acme.test')
    assert.equal((await client.post('/api/inventory/items/', { name: 'First' })).status, 201)
  } finally {
    await stop(server)
  }
}
