import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { ManageProcess, printed, stop } from './manage-process.ts'
import { signIn } from './sign-in.ts'

const SERVING = /Serving at (http:\S+)\//

describe('serving', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.here()
    const { code, stderr } = await manage.run(['migrate'])
    assert.equal(code, 0, stderr)
  })
  after(() => manage?.remove())

  test('serve answers until SIGTERM, and ends with 0', async () => {
    const server = manage.start(['serve'])
    const [, url = ''] = await printed(server, SERVING)
    assert.equal((await fetch(`${url}/api/health/ready/`)).status, 200)
    assert.equal(await stop(server), 0)
  })

  test('several workers share a port, and a dead one is replaced', async () => {
    const server = manage.start(['serve', '--workers', '2'])
    try {
      const [, url = ''] = await printed(server, /Serving at (http:\S+)\/ with 2 workers/)
      const pids = await workersOf(server.pid ?? 0)
      assert.equal(pids.length, 2)
      process.kill(pids[0] ?? 0, 'SIGKILL')
      await printed(server, new RegExp(`Worker ${pids[0]} ended \\(SIGKILL\\)`))
      while ((await workersOf(server.pid ?? 0)).filter((pid) => pid !== pids[0]).length < 2) {
        assert.equal((await fetch(`${url}/api/health/live/`)).status, 200)
      }
    } finally {
      assert.equal(await stop(server, 'SIGINT'), 0)
    }
  })

  test('workers that cannot start are given up', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((settle) => taken.once('listening', settle))
    const address = taken.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    try {
      const { code, stderr } = await manage.run(['serve'], { environment: { PORT: port } })
      assert.equal(code, 1)
      assert.match(
        stderr,
        /^CommandError: That port is already in use: cannot listen at http:\/\/127\.0\.0\.1:\d+\/\n$/,
      )
      const several = await manage.run(['serve', '--workers', '2'], { environment: { PORT: port } })
      assert.equal(several.code, 1)
      assert.match(several.stderr, /workers in a row could not start: giving up\./)
    } finally {
      taken.close()
    }
  })

  test('a database that has not had its migrations is told at the start', async () => {
    const environment = { DB_NAME: `${manage.folder}/empty.sqlite3` }
    const server = manage.start(['serve'], { environment })
    const [notice] = await printed(server, /You have \d+ unapplied migration\(s\)\.[\s\S]*Serving at/)
    assert.match(
      notice,
      /apply the migrations for app\(s\): account, business, clients, kit\.\nRun 'node manage\.ts migrate'/,
    )
    assert.equal(await stop(server), 0)
  })

  test('a database that is out of reach is an expected failure', async () => {
    const environment = { DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:1/none' }
    const { code, stderr } = await manage.run(['serve'], { environment })
    assert.equal(code, 1)
    assert.match(stderr, /^CommandError: /)
    assert.doesNotMatch(stderr, /nothing@|at .*\.ts:\d+/)
  })

  test('the number of workers is a whole number', async () => {
    const { code, stderr } = await manage.run(['serve', '--workers', 'many'])
    assert.equal(code, 2)
    assert.match(stderr, /Wanted a whole number from 1 to 256/)
  })
})

describe('the demo', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.here()
  })
  after(() => manage?.remove())

  test('needs DEBUG', async () => {
    const environment = {
      DEBUG: 'false',
      SECRET_KEY: SECRET,
      JWT_SECRET_KEY: SECRET,
      ALLOWED_HOSTS: 'localhost',
      EMAIL_BACKEND: 'memory',
    }
    const { code, stderr } = await manage.run(['demo', '--serve'], { environment })
    assert.equal(code, 1)
    assert.match(stderr, /^CommandError: The demo makes accounts with a password that everybody knows/)
  })

  test('serves without any setting, tells the sign-ins, and changes nothing when run again', async () => {
    const first = manage.start(['demo', '--serve'], { environment: { DEBUG: '' } })
    const [, url = ''] = await printed(first, /API {2,}(http:\S+)\/api\/clients\/clients\/\n/)
    const before = await clientsOf(url, 'admin@acme.test')
    assert.equal(before.meta.pagination.count, 200)
    assert.equal((await clientsOf(url, 'admin@globex.test')).meta.pagination.count, 200)
    assert.equal(await stop(first), 0)

    const again = await manage.run(['demo'])
    assert.equal(again.code, 0, again.stderr)
    assert.match(again.stdout, / {2}Acme Trading \(acme\): 200 clients\n {2}Globex Services \(globex\): 200 clients\n/)
    assert.match(again.stdout, / {2}both@demo\.test {2,}manager at Acme Trading, agent at Globex Services\n/)
    const second = manage.start(['serve'])
    const [, secondUrl = ''] = await printed(second, SERVING)
    assert.deepEqual((await clientsOf(secondUrl, 'both@demo.test')).data, before.data)
    assert.equal(await stop(second), 0)
  })
})

const SECRET = 'x7-Kq2vN9sD4mW8tR1yB5hG3jL6pF0aZcEuIoT2nM9wQ4rX8k'.padEnd(60, 'abcdef')

async function clientsOf(url: string, email: string) {
  const client = await signIn(url, email)
  const { status, body } = await client.get('/api/clients/clients/')
  assert.equal(status, 200)
  return body
}

/** The processes that a process has started. */
async function workersOf(parent: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid ?? 0)
}
