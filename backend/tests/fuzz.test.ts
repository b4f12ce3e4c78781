import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import {
  type MadeUser,
  type TestDatabaseSource,
  type TestProject,
  testDatabases,
  testProject,
} from '@bailiwick/kit/testing'
import fc from 'fast-check'
import { Client } from '../apps/clients/models.ts'
import { project } from '../core/project.ts'
import { type Asker, hostileRequests, type Surface } from './hostile-requests.ts'
import { type RawAnswer, sendRaw } from './raw-request.ts'

const RUNS = 300
/** Stands in every value of the other business, and in no request. */
const CANARY = `zqcanary${newId().slice(-12)}`
const WITHOUT_BODY = new Set(['HEAD', 'OPTIONS'])

interface Arena {
  readonly app: TestProject
  readonly surface: Surface
  readonly users: Readonly<Record<Exclude<Asker, 'guest'>, MadeUser>>
  readonly globex: { readonly id: string }
}

async function createArena(source: TestDatabaseSource): Promise<Arena> {
  const app = await testProject(project, { source })
  const acme = await app.make.business()
  const globex = await app.make.business({ name: CANARY, slug: CANARY })
  const stranger = await app.make.user({ business: globex, email: `${CANARY}@example.com`, name: CANARY })
  const foreign = await app
    .context(globex)
    .query(Client)
    .create({
      name: CANARY,
      email: `${CANARY}@clients.test`,
      notes: CANARY,
      tags: [CANARY],
      owner: stranger.id,
    })
  const admin = await app.make.user({ business: acme, role: 'admin' })
  const own = await app
    .context(acme)
    .query(Client)
    .bulkCreate([{ name: 'One', owner: admin.id }, { name: 'Two' }])
  const ids = [...own.map(({ id }) => id), foreign.id, globex.id, stranger.id, newId()]
  const users = { admin, subscriber: await app.make.user({ business: acme, role: 'subscriber' }) }
  return { app, globex, users, surface: { endpoints: app.endpoints, ids } }
}

async function tokenOf({ app, users }: Arena, asker: Asker): Promise<string | null> {
  if (asker === 'guest') return null
  const { email, password } = users[asker]
  const answer = await app.guest.post('/api/account/login/', { email, password })
  assert.equal(answer.status, 200, answer.text)
  return answer.body.data.access
}

function assertSound(method: string, { status, headers, text }: RawAnswer): void {
  assert.ok(status >= 200 && status < 500, `status ${status}: ${text.slice(0, 500)}`)
  const id = headers['x-request-id']
  assert.match(String(id), /^[A-Za-z0-9._-]{1,64}$/)
  assert.ok(!text.includes(CANARY), `the other business is seen: ${text.slice(0, 500)}`)
  assert.ok(!JSON.stringify(headers).includes(CANARY))
  if (WITHOUT_BODY.has(method) && text === '') return
  // A set of public keys is what it is, without an envelope (RFC 7517).
  if (headers['content-type'] === 'application/jwk-set+json') {
    assert.ok(Array.isArray(JSON.parse(text).keys))
    return
  }
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  const body = JSON.parse(text)
  assert.equal(body.meta.request_id, id)
  if (status < 400) {
    assert.ok('data' in body && !('code' in body))
    return
  }
  const { data, message, code, errors } = body
  assert.deepEqual([data, typeof message, typeof code, typeof errors], [null, 'string', 'string', 'object'])
}

for (const source of testDatabases()) {
  describe(`hostile requests on ${source.name}`, () => {
    let arena: Arena
    before(async () => {
      arena = await createArena(source)
    })
    after(() => arena.app.close())

    test(`${RUNS} of them get a sound answer, and nothing of another business`, async () => {
      const { app, globex, surface } = arena
      const theirs = () => app.context(globex).query(Client).withDeleted().all()
      const before = await theirs()
      const tokens = new Map<Asker, string | null>()
      const send = hostileRequests(surface)
      await fc.assert(
        fc.asyncProperty(send, async ({ asker, ...request }) => {
          const token = tokens.get(asker) ?? (await tokenOf(arena, asker))
          tokens.set(asker, token)
          const credentials = token === null ? [] : [['authorization', `Bearer ${token}`] as const]
          const headers = [['content-type', 'application/json'] as const, ...request.headers, ...credentials]
          const answer = await sendRaw(app.url, { ...request, headers })
          assertSound(request.method, answer)
          // A session that was signed out or switched away from ends here; the next request begins another.
          if (request.path.includes('logout')) tokens.delete(asker)
        }),
        { numRuns: RUNS },
      )
      assert.deepEqual(await theirs(), before)
    })
  })
}
