import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { newId } from '../base/index.ts'
import { testStores } from '../testing/throwaway-store.ts'
import { openApiDocument } from './index.ts'
import { INFO, MODELS, Person, type SampleApi, serveSample } from './tests/sample-api.ts'

interface Envelope {
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly data: any
}

for (const source of testStores(MODELS)) {
  describe(`what is answered is what is documented, on ${source.name}`, () => {
    let api: SampleApi
    let stage: Awaited<ReturnType<typeof source.create>>
    let validate: (path: string, method: string, status: number) => ValidateFunction

    before(async () => {
      stage = await source.create()
      api = await serveSample(stage.store)
      validate = validatorsOf(openApiDocument(api.endpoints, INFO))
    })
    after(async () => {
      await api.close()
      await stage.drop()
    })

    /** Calls the server, and holds its answer against the schema of that path, method and status. */
    async function call(method: string, path: string, { body, expected, isStranger }: CallOptions): Promise<Envelope> {
      const response = await fetch(api.address + path.replace('{id}', body?.id ?? ''), {
        method,
        headers: {
          ...(isStranger ? {} : { authorization: 'Bearer token' }),
          ...(body?.values ? { 'content-type': 'application/json' } : {}),
        },
        ...(body?.values ? { body: JSON.stringify(body.values) } : {}),
      })
      const answer = (await response.json()) as Envelope // as: every answer is in the envelope
      assert.equal(response.status, expected, JSON.stringify(answer))
      const [template = ''] = path.split('?')
      const check = validate(template.replace(/\/$/, ''), method.toLowerCase(), expected)
      assert.ok(check(answer), `${method} ${path}: ${JSON.stringify(check.errors)} in ${JSON.stringify(answer)}`)
      return answer
    }

    test('of records with every kind of field', async () => {
      const maker = await call('POST', '/api/clients/clients/', {
        expected: 201,
        body: { values: { name: 'Ünïcode' } },
      })
      const full = {
        code: 'abc',
        stock: 2,
        sold: '9007199254740993',
        weight: 0.25,
        is_listed: false,
        opens: '09:30:00.5',
        launched: '2026-02-03T04:05:06.123456+03:00',
        web_page: 'https://acme.example/a?b=c',
        serial: newId(),
        maker: maker.data.id,
      }
      const made = await call('POST', '/api/shop/products/', { expected: 201, body: { values: full } })
      await call('POST', '/api/shop/products/', { expected: 201, body: { values: { code: 'x' } } })
      const { id } = made.data
      await call('GET', '/api/shop/products/{id}/', { expected: 200, body: { id } })
      await call('PUT', '/api/shop/products/{id}/', { expected: 200, body: { id, values: { ...full, stock: 1 } } })
      await call('PATCH', '/api/shop/products/{id}/', { expected: 200, body: { id, values: { opens: null } } })
      await call('GET', '/api/shop/products/', { expected: 200 })
      await call('DELETE', '/api/shop/products/{id}/', { expected: 200, body: { id } })
    })

    test('of lists, whole and in part', async () => {
      const owner = await stage
        .context(null)
        .query(Person)
        .create({ name: 'Asha', email: `${newId()}@acme.test` })
      const values = { name: 'Acme', owner: owner.id, email: `${newId()}@acme.test`, rating: 'good', tags: ['a'] }
      const made = await call('POST', '/api/clients/clients/', { expected: 201, body: { values } })
      const { id } = made.data
      const asked = { code: 'mad', maker: id }
      const product = await call('POST', '/api/shop/products/', { expected: 201, body: { values: asked } })
      const { data: withProducts } = await call('GET', '/api/clients/clients/?expand=product', { expected: 200 })
      assert.deepEqual(withProducts.find((client: { id: string }) => client.id === id).product, [
        { code: 'mad', stock: 0, price: '0.000', photo: null },
      ])
      for (const query of ['', '?page_size=1', '?count=none', '?fields=id,name', '?expand=owner', '?search=acme']) {
        await call('GET', `/api/clients/clients/${query}`, { expected: 200 })
      }
      await call('GET', '/api/clients/clients/{id}/?expand=owner,product&fields=owner', { expected: 200, body: { id } })
      await call('DELETE', '/api/shop/products/{id}/', { expected: 200, body: { id: product.data.id } })
      await call('POST', '/api/clients/clients/{id}/archive/', { expected: 200, body: { id } })
      await call('DELETE', '/api/clients/clients/{id}/', { expected: 200, body: { id } })
      const deleted = await call('GET', '/api/clients/clients/?deleted=only', { expected: 200 })
      assert.ok(deleted.data[0].deleted_at)
      await call('POST', '/api/clients/clients/{id}/restore/', { expected: 200, body: { id } })
    })

    test('of records with computed fields and other records in them', async () => {
      await call('POST', '/api/clients/cards/', { expected: 201, body: { values: { name: 'Acme' } } })
      await call('GET', '/api/clients/cards/', { expected: 200 })
      await call('POST', '/api/account/login/', {
        expected: 200,
        isStranger: true,
        body: { values: { email: 'asha@acme.test', password: 'x' } },
      })
      await call('POST', '/api/account/logout/', { expected: 200 })
    })

    test('with every field that the schema names, and no other', async () => {
      const made = await call('POST', '/api/clients/clients/', { expected: 201, body: { values: { name: 'Exact' } } })
      const { properties } = openApiDocument(api.endpoints, INFO).components.schemas.Client ?? assert.fail('no schema')
      assert.deepEqual(Object.keys(made.data), Object.keys(properties ?? {}))
    })

    test('of refusals', async () => {
      const id = newId()
      await call('POST', '/api/clients/clients/', { expected: 400, body: { values: { name: '', colour: 'red' } } })
      await call('GET', '/api/clients/clients/?colour=red', { expected: 400 })
      await call('GET', '/api/clients/clients/', { expected: 401, isStranger: true })
      await call('GET', '/api/clients/clients/{id}/', { expected: 404, body: { id } })
      await call('GET', '/api/clients/clients/?page=99', { expected: 404 })
      const values = { name: 'Twin', email: `${newId()}@acme.test` }
      await call('POST', '/api/clients/clients/', { expected: 201, body: { values } })
      await call('POST', '/api/clients/clients/', { expected: 409, body: { values } })
    })

    test('of health', async () => {
      await call('GET', '/api/health/live/', { expected: 200, isStranger: true })
      await call('GET', '/api/health/ready/', { expected: 200, isStranger: true })
    })
  })
}

interface CallOptions {
  readonly expected: number
  readonly body?: { readonly id?: string; readonly values?: Readonly<Record<string, unknown>> }
  readonly isStranger?: boolean
}

function validatorsOf(document: ReturnType<typeof openApiDocument>) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { decimal: true, double: true, int32: true } })
  formats.default(ajv)
  const { components, paths } = document
  return (path: string, method: string, status: number): ValidateFunction => {
    const response = paths[path]?.[method]?.responses[status]
    assert.ok(response, `${method} ${path} does not tell of ${status}`)
    const told = '$ref' in response ? components.responses[response.$ref.split('/').at(-1) ?? ''] : response
    return ajv.compile({ ...told?.content['application/json']?.schema, components })
  }
}
