import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { testStores } from '../testing/throwaway-store.ts'
import { type OpenApiDocument, type Operation, openApiDocument } from './index.ts'
import { INFO, MODELS, sampleEndpoints } from './tests/sample-api.ts'

describe('the document of an API', () => {
  let document: OpenApiDocument
  let drop: () => Promise<void>

  before(async () => {
    const [source] = testStores(MODELS)
    assert.ok(source)
    const stage = await source.create()
    drop = stage.drop
    document = openApiDocument(sampleEndpoints(stage.store), INFO)
    const again = openApiDocument(sampleEndpoints(stage.store), INFO)
    assert.equal(JSON.stringify(again), JSON.stringify(document), 'the same endpoints give the same document')
  })
  after(() => drop())

  const operation = (path: string, method: string): Operation => {
    const found = document.paths[path]?.[method]
    assert.ok(found, `${method} ${path}`)
    return found
  }
  const schema = (name: string) => {
    const found = document.components.schemas[name]
    assert.ok(found, name)
    return found
  }
  const property = (name: string, key: string): unknown =>
    (schema(name).properties as Readonly<Record<string, unknown>>)[key] // as: the schemas of serializers are objects
  const json = (operationOf: Operation, status: number) => {
    const response = operationOf.responses[status]
    assert.ok(response && 'content' in response, `${operationOf.operationId} ${status}`)
    return response.content['application/json']
  }

  test('is free of errors and warnings in the recommended rules of a public linter', () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
    const file = join(folder, 'openapi.json')
    writeFileSync(file, JSON.stringify(document))
    const linter = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'))
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [linter, 'lint', '--extends=recommended-strict', '--format=stylish', file],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, ...QUIET } },
    )
    rmSync(folder, { recursive: true })
    assert.equal(status, 0, `${stdout}\n${stderr}`)
  })

  test('names every operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((each) => each.operationId))
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.includes('clients_clients_partial_update'))
    assert.ok(ids.includes('clients_clients_archive'))
  })

  test('shows what a serializer shows, all of it required', () => {
    const shown = schema('Client')
    assert.deepEqual(shown.required, Object.keys(shown.properties ?? {}))
    assert.deepEqual(property('Client', 'id'), { type: 'string', format: 'uuid', readOnly: true })
    assert.equal(property('Client', 'pin'), undefined)
    assert.equal(property('Owner', 'password'), undefined)
  })

  test('tells of null in the way of OpenAPI 3.1', () => {
    assert.deepEqual(property('Client', 'birthday'), { type: ['string', 'null'], format: 'date' })
    assert.deepEqual(property('Client', 'rating'), {
      anyOf: [{ $ref: '#/components/schemas/ClientRating' }, { type: 'null' }],
    })
    assert.deepEqual(property('Card', 'owner'), {
      anyOf: [{ $ref: '#/components/schemas/Owner' }, { type: 'null' }],
      readOnly: true,
    })
  })

  test('asks of a new record only what it needs, and tells the defaults of the rest', () => {
    assert.deepEqual(schema('ClientRequest').required, ['name'])
    assert.equal(schema('ClientRequest').additionalProperties, false)
    assert.equal(property('ClientRequest', 'id'), undefined)
    assert.deepEqual(property('ClientRequest', 'status'), {
      $ref: '#/components/schemas/ClientStatus',
      default: 'lead',
    })
    assert.deepEqual(property('ClientRequest', 'name'), {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      title: 'Full name',
      description: 'As it stands on invoices.',
    })
    assert.deepEqual(property('ProductRequest', 'launched'), {
      type: 'string',
      format: 'date-time',
      default: '2026-01-01T00:00:00Z',
    })
    assert.deepEqual(property('ProductRequest', 'sold'), {
      type: 'string',
      pattern: '^-?[0-9]{1,19}$',
      default: '0',
    })
  })

  test('asks nothing of a change in part, and promises no default there', () => {
    assert.equal(schema('PatchedClientRequest').required, undefined)
    assert.deepEqual(property('PatchedClientRequest', 'status'), { $ref: '#/components/schemas/ClientStatus' })
  })

  test('takes as an id what it shows as an object', () => {
    assert.deepEqual(property('CardRequest', 'owner'), { type: ['string', 'null'], format: 'uuid', writeOnly: true })
  })

  test('gives two serializers of one name a schema each', () => {
    assert.ok(property('Client', 'credit'))
    assert.ok(property('ShopClient', 'nickname'))
    assert.equal(
      json(operation('/api/shop/clients', 'post'), 201)?.schema.$ref,
      '#/components/schemas/ShopClientResponse',
    )
  })

  test('puts every answer into the envelope, in its schema and in its example', () => {
    const made = json(operation('/api/clients/clients', 'post'), 201)
    assert.deepEqual(made?.schema, { $ref: '#/components/schemas/ClientResponse' })
    assert.deepEqual(Object.keys(made?.example ?? {}), ['data', 'message', 'meta'])
    assert.deepEqual(schema('ClientResponse').required, ['data', 'meta'])
    const list = json(operation('/api/clients/clients', 'get'), 200)
    assert.deepEqual(list?.schema, {
      anyOf: [{ $ref: '#/components/schemas/ClientPage' }, { $ref: '#/components/schemas/PartialClientPage' }],
    })
    assert.deepEqual(property('ClientPage', 'meta'), { $ref: '#/components/schemas/PageMeta' })
    const deleted = json(operation('/api/clients/clients/{id}', 'delete'), 200)
    assert.deepEqual(deleted?.schema, { $ref: '#/components/schemas/EmptyResponse' })
  })

  test('takes the type of an id from the model', () => {
    const idOf = (path: string) => operation(path, 'get').parameters?.find(({ name }) => name === 'id')?.schema
    assert.deepEqual(idOf('/api/clients/clients/{id}'), { type: 'string', format: 'uuid' })
    assert.deepEqual(idOf('/api/shop/products/{id}'), { type: 'string', pattern: '^-?[0-9]{1,19}$' })
  })

  test('writes lists in a query between commas', () => {
    const parameters = operation('/api/clients/clients', 'get').parameters ?? []
    const statusIn = parameters.find(({ name }) => name === 'status__in')
    assert.deepEqual(
      { style: statusIn?.style, explode: statusIn?.explode, type: statusIn?.schema.type },
      { style: 'form', explode: false, type: 'array' },
    )
    for (const name of ['page', 'page_size', 'search', 'ordering', 'deleted', 'owner__email', 'created_at__gte']) {
      assert.ok(
        parameters.some((parameter) => parameter.name === name),
        name,
      )
    }
  })

  test('asks for a token, a cookie or an API key everywhere but where everyone may enter', () => {
    assert.deepEqual(document.security, [{ bearer: [] }, { cookie: [], csrf: [] }, { apiKey: [] }])
    assert.deepEqual(Object.keys(document.components.securitySchemes), ['bearer', 'cookie', 'csrf', 'apiKey'])
    assert.equal(document.components.securitySchemes.bearer?.scheme, 'bearer')
    assert.deepEqual(operation('/api/account/login', 'post').security, [])
    assert.deepEqual(operation('/api/account/logout', 'post').security, [{ bearer: [] }, { cookie: [], csrf: [] }])
    const reading = [{ bearer: [] }, { cookie: [] }, { apiKey: [] }]
    assert.deepEqual(operation('/api/clients/clients', 'get').security, reading)
  })

  test('tells of the refusals that an operation can meet', () => {
    const refusals = (path: string, method: string) => Object.keys(operation(path, method).responses)
    assert.deepEqual(refusals('/api/account/login', 'post'), [
      ...['200', '400', '401', '413', '415', '423', '429', '500', '503', 'default'],
    ])
    assert.deepEqual(refusals('/api/account/logout', 'post'), [
      ...['200', '400', '401', '403', '429', '500', '503', 'default'],
    ])
    assert.deepEqual(refusals('/api/clients/clients', 'post'), [
      ...['201', '400', '401', '403', '409', '413', '415', '429', '500', '503', 'default'],
    ])
    assert.deepEqual(operation('/api/clients/clients/{id}', 'delete').responses[409], {
      $ref: '#/components/responses/Protected',
    })
    assert.deepEqual(operation('/api/account/login', 'post').responses[401], {
      $ref: '#/components/responses/InvalidCredentials',
    })
  })

  test('gives examples of refusals in the very form that they have', () => {
    const { content, headers } = document.components.responses.BadRequest ?? assert.fail('no such response')
    assert.deepEqual(content['application/json']?.examples?.validation_failed?.value, {
      data: null,
      message: 'Validation failed',
      code: 'validation_failed',
      errors: { email: ['Enter a valid email address.'] },
      meta: { request_id: '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47' },
    })
    assert.deepEqual(Object.keys(headers), ['X-Request-Id'])
    assert.ok(document.components.responses.Unauthorized?.headers['WWW-Authenticate'])
    assert.ok(document.components.responses.ServiceUnavailable?.headers['Retry-After'])
  })

  test('says who may call an operation, and what an app keeps', () => {
    assert.equal(
      operation('/api/clients/clients', 'get').description,
      'Those who buy.\n\n**Who may:** Members of the business.',
    )
    assert.deepEqual(
      document.tags.map(({ name, description }) => [name, description]),
      [
        ['account', 'The endpoints of account.'],
        ['clients', 'Clients.'],
        ['shop', 'Products and clients.'],
        ['health', 'Whether the server lives, and whether it is ready for requests.'],
      ],
    )
  })
})

const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }
