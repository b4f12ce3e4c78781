import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { testStores } from '../testing/throwaway-store.ts'
import { type OpenApiDocument, openApiDocument } from './index.ts'
import { INFO, MODELS, type SampleApi, serveSample } from './tests/sample-api.ts'

const PAGES = ['/api/docs/', '/api/redoc/']

/** The server has these from the start, before anybody can note its routes. */
const HEALTH = ['GET /api/health/live/', 'GET /api/health/ready/']

/** The pages of the documentation are for people: the document tells of what programs call. */
const isPage = (path: string): boolean => [...PAGES, '/api/schema/'].some((page) => path.startsWith(page))

describe('the documentation of a server', () => {
  let api: SampleApi
  let document: OpenApiDocument
  let drop: () => Promise<void>

  before(async () => {
    const [source] = testStores(MODELS)
    assert.ok(source)
    const stage = await source.create()
    drop = stage.drop
    api = await serveSample(stage.store)
    document = openApiDocument(api.endpoints, INFO)
  })
  after(async () => {
    await api.close()
    await drop()
  })

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(api.address + path, { headers })

  test('tells of every route that is served, and of no other', () => {
    const told = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}/`),
    )
    const served = api.routes.filter((route) => !route.startsWith('HEAD ') && !isPage(route.replace(/^\S+ /, '')))
    assert.deepEqual(told.sort(), [...served, ...HEALTH].sort())
    assert.ok(told.length > 20)
  })

  test('is given in JSON', async () => {
    const response = await get('/api/schema/')
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(document)))
  })

  test('is given in YAML to who asks for it by the format or by the header', async () => {
    for (const [path, accept] of [
      ['/api/schema/?format=yaml', '*/*'],
      ['/api/schema/', 'application/yaml'],
      ['/api/schema/', 'application/json;q=0.5, text/yaml'],
    ] as const) {
      const response = await get(path, { accept })
      assert.equal(response.headers.get('content-type'), 'application/yaml; charset=utf-8')
      assert.deepEqual(parse(await response.text()), JSON.parse(JSON.stringify(document)))
    }
  })

  test('is refused in a format that there is not, in the envelope', async () => {
    const named = await get('/api/schema/?format=xml')
    assert.equal(named.status, 400)
    const { code, errors } = await envelopeOf(named)
    assert.equal(code, 'validation_failed')
    assert.deepEqual(errors, { format: ['"xml" is not a valid choice. Choose: json, yaml.'] })
    const unknown = await envelopeOf(await get('/api/schema/?colour=red'))
    assert.deepEqual(unknown.errors, { colour: ['Unknown parameter. Allowed: format.'] })
    const twice = await get('/api/schema/?format=json&format=yaml')
    assert.equal(twice.status, 400)
    const accepted = await get('/api/schema/', { accept: 'text/html' })
    assert.equal(accepted.status, 406)
    assert.equal((await envelopeOf(accepted)).code, 'not_acceptable')
  })

  test('is not sent again to who has it', async () => {
    const etag = (await get('/api/schema/')).headers.get('etag') ?? ''
    assert.equal((await get('/api/schema/', { 'if-none-match': etag })).status, 304)
    assert.equal((await get('/api/schema/?format=yaml', { 'if-none-match': etag })).status, 200)
  })

  for (const path of PAGES) {
    test(`has a page at ${path} that runs no script but those of its server`, async () => {
      const response = await get(path)
      const html = await response.text()
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.match(html, /<title>Sample &lt;API&gt;/)
      const policy = response.headers.get('content-security-policy') ?? ''
      assert.match(policy, /default-src 'none'; script-src 'self';/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(html, /https?:\/\/|<script>|<style>/)
    })

    test(`serves all that ${path} loads, to be kept as long as its version is the same`, async () => {
      const html = await (await get(path)).text()
      const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, asset = '']) => asset)
      assert.ok(assets.length >= 3)
      for (const asset of assets) {
        const response = await get(asset)
        assert.equal(response.status, 200, asset)
        assert.ok((await response.bytes()).length > 0)
        assert.match(response.headers.get('content-type') ?? '', /^(text\/(javascript|css); charset=utf-8|image\/png)$/)
        if (!/\/\d+\.\d+\.\d+\//.test(asset)) continue
        assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
        const etag = response.headers.get('etag') ?? ''
        assert.equal((await get(asset, { 'if-none-match': etag })).status, 304)
      }
    })
  }

  test('has the files of its own version alone', async () => {
    assert.equal((await get('/api/docs/assets/0.0.1/swagger-ui.css')).status, 404)
    assert.equal((await get('/api/docs/assets/%2e%2e/package.json')).status, 404)
  })

  test('shows nothing of another server to the readers of ReDoc', async () => {
    const html = await (await get('/api/redoc/')).text()
    const [, bundle = ''] = /src="([^"]+redoc\.standalone\.js)"/.exec(html) ?? []
    assert.doesNotMatch(await (await get(bundle)).text(), /cdn\.redoc\.ly/)
  })
})

interface Refusal {
  readonly data: null
  readonly code: string
  readonly errors: Readonly<Record<string, readonly string[]>>
}

async function envelopeOf(response: Response): Promise<Refusal> {
  return (await response.json()) as Refusal // as: every refusal is in the envelope
}
