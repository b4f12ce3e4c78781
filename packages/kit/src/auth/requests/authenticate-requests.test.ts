import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { createServer } from '../../http/index.ts'
import { readSettings } from '../../settings/index.ts'
import { allowAny, installAuth, isMember } from '../index.ts'
import { CLIENT, databases, openProject, PASSWORD, type Project, withTokens } from '../tests/project.ts'

describe('a server with sign-in', () => {
  let project: Project
  let server: FastifyInstance
  let bearer: string
  let business: string
  before(async () => {
    const [source] = databases
    assert.ok(source)
    project = await openProject(source)
    const settings = readSettings({ DEBUG: 'true', LOG_LEVEL: 'silent' })
    server = await createServer({ settings })
    const { auth, store } = project
    await server.register(async (scope) => {
      installAuth(scope, { auth, store, settings })
      for (const [url, permission] of [
        ['/closed/', isMember],
        ['/open/', allowAny],
      ] as const) {
        scope.get(url, { config: { permission } }, async ({ principal, ctx, requestId }) => ({
          name: principal?.name ?? null,
          ctx: [ctx.actor, ctx.business, ctx.requestId === requestId],
        }))
      }
    })
    server.get('/outside/', async () => ({ fine: true }))
    await server.listen({ port: 0, host: '127.0.0.1' })
    const user = await project.makeUser({ name: 'Asha' })
    business = await project.makeBusiness('Acme')
    await project.makeMember(user, business, 'agent')
    const answer = await auth.login({ email: user.email, password: PASSWORD }, CLIENT)
    bearer = `Bearer ${withTokens(answer).access}`
  })
  after(async () => {
    await server.close()
    await project.close()
  })

  const call = async (path: string, authorization?: string) => {
    const response = await fetch(server.listeningOrigin + path, { headers: authorization ? { authorization } : {} })
    const body = (await response.json()) as { readonly code?: string; readonly name?: string | null }
    return { status: response.status, challenge: response.headers.get('www-authenticate'), body }
  }

  it('gives a request its principal, and a context in their business', async () => {
    const { body } = await call('/closed/', bearer)
    const principal = await project.auth.authenticate(bearer)
    assert.deepEqual(body, { name: 'Asha', ctx: [principal?.userId, business, true] })
  })

  it('gives a request of nobody a context outside any business', async () => {
    assert.deepEqual((await call('/closed/')).body, { name: null, ctx: [null, null, true] })
  })

  it('refuses a token that is not valid, and says which scheme it takes', async () => {
    const { status, challenge, body } = await call('/closed/', 'Bearer x')
    assert.deepEqual([status, challenge, body.code], [401, 'Bearer realm="api"', 'token_not_valid'])
    assert.equal((await call('/closed/', 'Bearer a b')).body.code, 'bad_authorization_header')
  })

  it('takes a token that is not valid for none where everyone may call', async () => {
    assert.deepEqual((await call('/open/', 'Bearer x')).body, { name: null, ctx: [null, null, true] })
    assert.equal((await call('/open/', bearer)).body.name, 'Asha')
  })

  it('does not ask who is there outside its scope', async () => {
    assert.equal((await call('/outside/', 'Bearer x')).status, 200)
  })
})
