import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createLogger } from '@bailiwick/kit/http'
import { type TestClient, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../core/project.ts'

const CONNECTIONS = 5
const LIST = '/api/clients/clients/'

for (const source of testDatabases()) {
  describe(`the statements of a request, on ${source.name}`, () => {
    const lines: string[] = []
    let app: TestProject
    let member: TestClient
    before(async () => {
      const logger = createLogger({ debug: false, log: { level: 'info' } }, { write: (line) => void lines.push(line) })
      const environment = { SLOW_QUERY_MS: '0' }
      app = await testProject(project, { source, logger, environment, pool: { poolTimeoutMs: 500 } })
      member = await app.as(await app.make.user({ business: await app.make.business() }))
    })
    after(() => app.close())

    test('are counted and timed in its line of the log, those of a sign-in as well', async () => {
      lines.length = 0
      await member.get(LIST)
      await member.get('/api/health/live/')
      await member.post('/api/account/login/', { email: 'nobody@example.com', password: 'Wrong-pass-1' })
      const [list, health, login] = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
      assert.equal(list.queries, 1)
      assert.ok(list.db_ms > 0 && list.db_ms <= list.ms, `${list.db_ms} of ${list.ms} ms`)
      assert.equal(health.queries, undefined)
      assert.ok(login.queries > 5, `${login.queries} statements`)
      assert.ok(login.db_ms > 0 && login.db_ms <= login.ms, `${login.db_ms} of ${login.ms} ms`)
    })

    test('that find every connection taken are answered 503 with Retry-After, and the next ones 200', {
      skip: source.name === 'sqlite',
    }, async () => {
      const { database } = app.store
      const open = await Promise.all(Array.from({ length: CONNECTIONS }, () => database.begin()))
      for (const transaction of open) await transaction.execute({ sql: 'select 1' })
      const refused = await member.get(LIST)
      for (const transaction of open) await transaction.rollback()
      assert.equal(refused.status, 503)
      assert.equal(refused.headers.get('retry-after'), '1')
      assert.equal(refused.body.code, 'service_unavailable')
      assert.equal((await member.get(LIST)).status, 200)
    })
  })
}
