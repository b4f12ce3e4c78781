import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { type TestProject, type TestResponse, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { challengeOf, codeOf, EMAIL_CODE, enrol, SECOND_FACTOR } from './enrolled.ts'

/** The second step itself, which is what a challenge is for. */
const PASSKEY = `${SECOND_FACTOR}passkey/`
const OPENED = new Set([SECOND_FACTOR, EMAIL_CODE, PASSKEY, `${PASSKEY}options/`].map(withoutSlash))

/** So that the walk is not cut short by what it fails at. */
const NO_LOCKOUT = { LOCKOUT_FAILURES: '1000', LOCKOUT_ADDRESS_FAILURES: '100000', EMAIL_LIMIT_ADDRESS: '1000' }

interface Operation {
  readonly method: string
  readonly path: string
  /** The fields of its body that a text may go into, each with its format. */
  readonly fields: Readonly<Record<string, string | null>>
}

type Schema = Readonly<Record<string, unknown>>

describe('a challenge', () => {
  let app: TestProject
  let operations: readonly Operation[]
  before(async () => {
    app = await testProject(project, { environment: NO_LOCKOUT })
    operations = operationsOf((await app.guest.get('/api/schema/?format=json')).body)
  })
  after(() => app.close())

  const enrolled = async () => enrol(app, await app.make.user({ business: await app.make.business() }))

  /** An answer without what differs between any two. */
  const facts = ({ status, body }: TestResponse, token: string) => {
    const errors = JSON.stringify(body?.errors ?? null).replaceAll(token, 'TOKEN')
    return { status, code: body?.code ?? null, errors }
  }

  /** All the ways in which a token could be brought to an operation. */
  function waysOf(token: string, { method, fields }: Operation) {
    const cookies = ['access_token', 'refresh_token', 'trusted_device', 'csrftoken']
    const given = Object.entries(fields).map(([name, format]) => [name, format === 'email' ? 'who@acme.test' : token])
    const body = method === 'GET' ? undefined : Object.fromEntries(given)
    return [
      { headers: { authorization: `Bearer ${token}` }, body },
      { headers: { authorization: `Api-Key ${token}` }, body },
      { headers: { 'x-api-key': token }, body },
      { headers: { cookie: cookies.map((name) => `${name}=${token}`).join('; '), 'x-csrftoken': token }, body },
      { headers: { 'x-csrftoken': token }, body },
    ]
  }

  it('is documented in every operation that there is', () => {
    const served = app.endpoints.map(({ method, path }) => `${method} ${withoutSlash(path.replace(/:(\w+)/g, '{$1}'))}`)
    const documented = new Set(operations.map(({ method, path }) => `${method} ${path}`))
    assert.deepEqual(
      served.filter((each) => !documented.has(each)),
      [],
    )
    assert.ok(operations.length > 40, `${operations.length} operations`)
  })

  it('opens no operation but its second step: as a bearer, a key, a cookie, or in any field of a body', async () => {
    const { user } = await enrolled()
    const challenge = await challengeOf(app, user)
    // What nobody ever gave out is worth nothing: a challenge must be worth just as much.
    const unknown = 'A'.repeat(challenge.length)
    let tried = 0
    for (const operation of operations) {
      if (OPENED.has(operation.path)) continue
      const path = operation.path.replace(/\{\w+\}/g, newId())
      const [ways, unknownWays] = [waysOf(challenge, operation), waysOf(unknown, operation)]
      for (const [at, way] of ways.entries()) {
        const opened = await app.guest.send(operation.method, path, way)
        const refused = await app.guest.send(operation.method, path, unknownWays[at])
        const what = `${operation.method} ${path} ${JSON.stringify(way.headers)}: ${opened.text.slice(0, 300)}`
        assert.deepEqual(facts(opened, challenge), facts(refused, unknown), what)
        assert.equal(opened.text.includes(user.email), false, what)
        assert.equal(opened.body?.data?.access ?? null, null, what)
        tried += 1
      }
    }
    assert.ok(tried > 200, `${tried} tries`)
  })

  it('is none the worse for it, and is good once', async () => {
    const { user, secret } = await enrolled()
    const challenge = await challengeOf(app, user)
    const answer = await app.guest.post(SECOND_FACTOR, { challenge, code: codeOf(secret) })
    assert.equal(answer.status, 200)
    const { access, refresh } = answer.body.data
    for (const token of [access, refresh]) {
      const { status, body } = await app.guest.post(SECOND_FACTOR, { challenge: token.slice(0, 100), code: '000000' })
      assert.deepEqual([status, body.code], [401, 'token_not_valid'])
    }
  })
})

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '')
}

function operationsOf(document: Schema): Operation[] {
  const components = (document.components as { schemas: Record<string, Schema> }).schemas // as: what OpenAPI says
  return Object.entries(document.paths as Record<string, Record<string, Schema>>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, { requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        fields: fieldsOf(requestBody, components),
      })),
  )
}

/** The fields of a JSON body that take any text, or an e-mail address. */
function fieldsOf(requestBody: unknown, components: Readonly<Record<string, Schema>>): Operation['fields'] {
  const body = requestBody as { content?: Record<string, { schema?: Schema }> } | undefined // as: what OpenAPI says
  const schema = body?.content?.['application/json']?.schema
  const name = typeof schema?.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined
  const whole = name === undefined ? schema : components[name]
  const fields: Record<string, string | null> = {}
  for (const [field, property] of Object.entries((whole?.properties ?? {}) as Record<string, Schema>)) {
    const isText = [property.type].flat().includes('string') && property.enum === undefined
    if (isText) fields[field] = typeof property.format === 'string' ? property.format : null
  }
  return fields
}
