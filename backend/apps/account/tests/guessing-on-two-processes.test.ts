import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AttemptCounter } from '@bailiwick/kit/auth'
import { type TestDatabase, testDatabases } from '@bailiwick/kit/db'
import { TestClient, type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { ManageProcess } from '../../../tests/manage-process.ts'
import { startServing } from '../../../tests/serving-process.ts'
import { SecurityEvent } from '../models.ts'

const LOGIN = '/api/account/login/'
const LIMIT = 5
const REDIS_URL = process.env.TEST_REDIS_URL || 'redis://127.0.0.1:6379/0'

const WAYS = [
  { name: 'without Redis', guesses: 1000, redis: {} },
  { name: 'with Redis', guesses: 200, redis: { REDIS_URL } },
  // Nothing listens at the port.
  { name: 'with Redis down', guesses: 200, redis: { REDIS_URL: 'redis://127.0.0.1:9/0' } },
]

const postgresql = testDatabases().find(({ name }) => name === 'postgresql')

describe('guessing at one account through two server processes on one PostgreSQL', { skip: !postgresql }, () => {
  let app: TestProject
  let database: TestDatabase
  let manage: ManageProcess

  before(async () => {
    if (!postgresql) return
    const create = async () => {
      database = await postgresql.create()
      return database
    }
    app = await testProject(project, { source: { name: 'postgresql', create } })
    manage = await ManageProcess.here()
  })
  after(async () => {
    await manage?.remove()
    await app?.close()
  })

  for (const { name, guesses, redis } of WAYS) {
    test(`${guesses} wrong passwords at once, ${name}: no more are evaluated than the limit, then the right one is refused`, async () => {
      const { email, id, password } = await app.make.user()
      const start = () => startServing(manage, { database: database.options, environment: redis })
      const servers = await Promise.all([start(), start()])
      try {
        const signIn = (at: number, guess: string) =>
          new TestClient(servers[at % 2]?.url ?? '').post(LOGIN, { email, password: guess })
        const answers = await Promise.all(Array.from({ length: guesses }, (_, at) => signIn(at, `Wrong-guess-${at}`)))
        const count = (status: number) => answers.filter((answer) => answer.status === status).length
        assert.ok(count(401) <= LIMIT, `${count(401)} were answered as evaluated`)
        assert.equal(count(401) + count(423) + count(429) + count(503), guesses)
        for (const { status, headers } of answers) {
          if (status !== 401) assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
        }
        const evaluated = await app.context().query(SecurityEvent).filter({ user: id, kind: 'login_failed' }).count()
        assert.ok(evaluated <= LIMIT, `${evaluated} were evaluated`)
        for (const at of [0, 1]) assert.equal((await signIn(at, password)).status, 423)
        await app.context().query(AttemptCounter).delete()
        for (const at of [0, 1]) assert.equal((await signIn(at, password)).status, 200)
      } finally {
        await Promise.all(servers.map((server) => server.stop()))
      }
    })
  }
})
