import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { type TestDatabase, testDatabases } from '@bailiwick/kit/db'
import { TestClient, type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { ManageProcess } from '../../../tests/manage-process.ts'
import { type ServingProcess, startServing } from '../../../tests/serving-process.ts'

const LOGINS = 500
const USERS = 10
/** A few hashes at a time, 19 MiB each, and what half a thousand connections take. */
const MOST_GROWTH_MB = 200

const [sqlite, ...servers] = testDatabases()
const source = servers[0] ?? sqlite

describe('a storm of sign-ins', { skip: !source }, () => {
  let app: TestProject
  let database: TestDatabase
  let manage: ManageProcess
  let server: ServingProcess

  before(async () => {
    if (!source) return
    const create = async () => {
      database = await source.create()
      return database
    }
    app = await testProject(project, { source: { name: source.name, create } })
    manage = await ManageProcess.here()
    server = await startServing(manage, { database: database.options })
  })
  after(async () => {
    await server?.stop()
    await manage?.remove()
    await app?.close()
  })

  test('is answered to the last, other requests go on, and memory stays bounded', async () => {
    const users = await Promise.all(Array.from({ length: USERS }, () => app.make.user()))
    const guest = new TestClient(server.url)
    const signIn = (at: number) => {
      const { email, password } = users[at % USERS] ?? { email: '', password: '' }
      return guest.post('/api/account/login/', { email, password: at % 3 === 0 ? 'Wrong-guess-1' : password })
    }
    const first = await signIn(1)
    const member = new TestClient(server.url, first.body.data.access)
    const before = residentMegabytes(server.pid)
    let isOver = false
    const storm = Promise.all(Array.from({ length: LOGINS }, (_, at) => signIn(at))).finally(() => {
      isOver = true
    })
    let others = 0
    while (!isOver) {
      assert.equal((await member.get('/api/account/me/')).status, 200)
      others += 1
    }
    const answers = await storm
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    assert.equal(count(200) + count(401) + count(423) + count(429) + count(503), LOGINS)
    assert.ok(count(200) > 0 && count(503) > 0 && others > 0)
    for (const { status, headers } of answers) {
      if (status > 401) assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    }
    assert.ok(residentMegabytes(server.pid) - before < MOST_GROWTH_MB)
    assert.equal((await member.get('/api/account/me/')).status, 200)
  })
})

/** Where the system tells of it; elsewhere 0. */
function residentMegabytes(pid: number): number {
  if (process.platform !== 'linux') return 0
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000
}
