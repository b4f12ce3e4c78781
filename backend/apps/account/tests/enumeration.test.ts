import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import { QueryLog } from '@bailiwick/kit/db'
import { createLogger } from '@bailiwick/kit/http'
import { MemoryMailer } from '@bailiwick/kit/mail'
import { type TestClient, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { User } from '../models.ts'

const ENVIRONMENT = { EMAIL_LIMIT: '1000', EMAIL_LIMIT_ADDRESS: '100000', LOCKOUT_ADDRESS_FAILURES: '100000' }
const PASSWORD = 'Some-pass-of-nobody'
/** What differs between any two answers. */
const OF_EACH_ANSWER = new Set(['date', 'x-request-id'])

/** Accounts that an address may have. */
const KINDS = {
  known: {},
  unverified: { email_verified_at: null },
  inactive: { is_active: false },
  'without a password': { password: null },
}

interface Asked {
  readonly name: string
  readonly ask: (email: string) => ReturnType<TestClient['post']>
}

for (const source of testDatabases()) {
  describe(`whether an address has an account, on ${source.name}`, () => {
    let app: TestProject
    let endpoints: readonly Asked[]
    let count = 0
    const statements: string[] = []

    before(async () => {
      const logger = createLogger({ debug: false, log: { level: 'info' } }, { write: () => {} })
      app = await testProject(project, { source, environment: ENVIRONMENT, logger })
      mock.method(QueryLog.prototype, 'note', ({ sql }: { readonly sql: string }) => void statements.push(sql))
      const admin = await app.as(await app.make.user({ business: await app.make.business() }))
      const post = (path: string, body: (email: string) => object, client = app.guest) => ({
        name: path,
        ask: (email: string) => client.post(`/api/account/${path}`, body(email)),
      })
      endpoints = [
        post('login/', (email) => ({ email, password: PASSWORD })),
        post('register/', (email) => ({ email, password: PASSWORD, name: 'Nobody' })),
        post('email/resend/', (email) => ({ email })),
        post('password/reset/', (email) => ({ email })),
        post('email/change/', (email) => ({ email }), admin),
        post('invitations/', (email) => ({ email, role: 'agent' }), admin),
      ]
      // What is done once in a while, or when an address is seen for the first time, is done with.
      for (const { ask } of endpoints) for (let round = 0; round < 2; round++) await ask(unknown())
      await app.mail.settle()
    })
    after(async () => {
      mock.restoreAll()
      await app.close()
    })

    const unknown = (): string => `nobody-${++count}@acme.test`

    async function known(values: object = {}): Promise<string> {
      const user = await app.make.user({ email: `somebody-${++count}@acme.test` })
      if (Object.keys(values).length > 0) await app.context().query(User).filter({ id: user.id }).update(values)
      return user.email
    }

    /** All that can be seen of an answer, and what was done for it. */
    async function answerTo({ ask }: Asked, email: string) {
      statements.length = 0
      const { status, headers, text } = await ask(email)
      const seen = [...headers].filter(([name]) => !OF_EACH_ANSWER.has(name))
      const words = text
        .replaceAll(headers.get('x-request-id') ?? '', 'id')
        .replaceAll(email, 'address')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uuid')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
      return {
        status,
        seen: seen.filter(([name]) => name !== 'content-length' && name !== 'location'),
        words,
        done: [...statements],
      }
    }

    async function assertAlike(): Promise<void> {
      for (const asked of endpoints) {
        const expected = await answerTo(asked, unknown())
        assert.ok(expected.done.length > 0, `${asked.name}: no statement was seen`)
        for (const [kind, values] of Object.entries(KINDS)) {
          assert.deepEqual(await answerTo(asked, await known(values)), expected, `${asked.name}, ${kind}`)
        }
        assert.deepEqual(await answerTo(asked, unknown()), expected, `${asked.name}, unknown again`)
      }
    }

    test('is told by no answer, nor by what is done for it', () => assertAlike())

    test('is told by none while no mail can be sent', async (t) => {
      t.mock.method(MemoryMailer.prototype, 'send', async () => {
        throw new Error('The mail server is away')
      })
      await assertAlike()
    })
  })
}
