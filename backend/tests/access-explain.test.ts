import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ManageProcess } from './manage-process.ts'

const CLIENTS = '/api/clients/clients/'

describe('access:explain', () => {
  let manage: ManageProcess
  /** Ids of clients: one of each business, and one of the first that is in the bin. */
  let ids: { readonly acme: string; readonly globex: string; readonly binned: string }
  before(async () => {
    manage = await ManageProcess.here()
    const demo = await manage.run(['demo'])
    assert.equal(demo.code, 0, demo.stderr)
    const [acme, binned] = await idsOf('acme', true)
    const [globex] = await idsOf('globex', false)
    assert.ok(acme && binned && globex)
    ids = { acme, binned, globex }
  })
  after(() => manage?.remove())

  async function idsOf(slug: string, bins: boolean): Promise<string[]> {
    const bin = bins ? 'await ctx.query(Client).filter({ id: rows[1].id }).delete();' : ''
    const code = `const rows = (await ctx.query(Client).all()).slice(0, 2); ${bin} console.log(rows.map(({ id }) => id).join())`
    const { stdout, stderr } = await manage.run(['shell', '--business', slug, '-c', code])
    assert.equal(stderr, '')
    return stdout.trim().split(',')
  }

  async function explained(user: string, path: string, ...more: readonly string[]) {
    const { code, stdout, stderr } = await manage.run(['access:explain', '--user', user, '--path', path, ...more])
    assert.equal(stderr, '')
    return { code, last: stdout.trim().split('\n').at(-1) ?? '', stdout }
  }

  test('tells every rule that lets a request through', async () => {
    const { code, stdout } = await explained('agent@acme.test', `${CLIENTS}${ids.acme}/`)
    assert.equal(code, 0, stdout)
    assert.match(stdout, /address +GET \/api\/clients\/clients\/:id\/ \(clients_clients_retrieve\)/)
    assert.match(stdout, /membership +agent of Acme Trading \(acme\)/)
    assert.match(stdout, /permission +isMember allows a user who is agent/)
    assert.match(stdout, /Allowed\.\n$/)
  })

  test('tells who may not, by the name of the permission', async () => {
    const { code, last } = await explained('agent@acme.test', `${CLIENTS}${ids.acme}/`, '--method', 'delete')
    assert.equal(code, 1)
    assert.equal(last, 'Denied with 403: the permission atLeast(manager) does not allow a user who is agent')
  })

  test('tells where a row is that is not to be had', async () => {
    const at = async (id: string, ...more: readonly string[]) =>
      (await explained('manager@acme.test', `${CLIENTS}${id}`, ...more)).last
    assert.equal(await at(ids.globex), 'Denied with 404: the client belongs to another business: Globex Services')
    assert.equal(await at(ids.binned), 'Denied with 404: the client is in the bin')
    assert.equal(
      await at('00000000-0000-7000-8000-000000000000'),
      'Denied with 404: there is no such client, in any business',
    )
    assert.equal(await at('7'), 'Denied with 404: "7" cannot be the id of a client')
    assert.equal(await at(`${ids.binned}/restore/`, '--method', 'POST'), 'Allowed.')
    assert.equal(await at(`${ids.acme}/restore/`, '--method', 'POST'), 'Denied with 404: the client is not in the bin')
  })

  test('tells who is nobody, or of another business', async () => {
    const { last } = await explained('nobody@acme.test', CLIENTS)
    assert.equal(last, 'Denied with 401: there is no user nobody@acme.test')
    const outside = await explained('agent@acme.test', CLIENTS, '--business', 'globex')
    assert.equal(outside.last, 'Denied with 401: agent@acme.test does not belong to Globex Services (globex)')
    const nowhere = await explained('agent@acme.test', CLIENTS, '--business', 'initech')
    assert.equal(nowhere.last, 'Denied with 401: there is no business initech')
  })

  test('tells what no address answers', async () => {
    assert.equal(
      (await explained('agent@acme.test', '/api/none/')).last,
      'Denied with 404: no endpoint has the address /api/none/',
    )
    assert.equal(
      (await explained('agent@acme.test', '/api/account/login/', '--method', 'GET')).last,
      'Denied with 405: the address takes POST',
    )
  })

  test('needs a user and a path', async () => {
    const { code, stderr } = await manage.run(['access:explain', '--user', 'agent@acme.test'])
    assert.equal(code, 2)
    assert.match(stderr, /required option '--path <path>' not specified/)
  })
})
