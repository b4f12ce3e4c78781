import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allowAny, isMember } from '../auth/index.ts'
import { newId } from '../base/index.ts'
import { integer, model, text } from '../db/index.ts'
import { openApiDocument } from '../openapi/index.ts'
import { type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { endpointsOf, fileView, router, serializer, view } from './index.ts'

const Nothing = model('shelf.Nothing', { scope: 'business', fields: { name: text() } })
const Measured = serializer('Measured', { fields: { bytes: integer(), where: text() } })

const put = view({
  method: 'PUT',
  path: 'boxes/:place/',
  name: 'put',
  summary: 'Put a picture on the shelf',
  permission: isMember,
  upload: { field: 'picture', maxBytes: 100_000, types: ['image/png'], help: 'What to show.' },
  response: Measured,
  run: async ({ upload, params }) => ({ bytes: upload.length, where: params.place ?? '' }),
})
const shown = fileView({
  path: 'boxes/:place/',
  name: 'show',
  summary: 'Show the picture',
  permission: allowAny,
  contentType: 'image/png',
  run: async ({ params }) => (params.place === 'top' ? Buffer.from('a picture') : null),
})
const routers = [router('shelf', [put, shown])]

const [source] = testApis([Nothing], routers)

describe('a form with a file', () => {
  let api: ThrowawayApi
  before(async () => {
    assert.ok(source)
    api = await source.create()
  })
  after(() => api.drop())

  /** Sends a form, as a member unless it says otherwise. */
  async function send(body: FormData | string | null, headers: Record<string, string> = {}, isMember = true) {
    const forced = { userId: newId(), business: newId(), role: 'agent' }
    const response = await fetch(`${api.address}/api/shelf/boxes/top/`, {
      method: 'PUT',
      body,
      headers: { ...(isMember && { 'x-forced-principal': JSON.stringify(forced) }), ...headers },
    })
    const answer: unknown = await response.json()
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
    return { status: response.status, ...(answer as any) }
  }

  const formWith = (...entries: [string, string | Blob][]): FormData => {
    const form = new FormData()
    for (const [name, value] of entries) form.append(name, value)
    return form
  }

  test('reaches the view whole, whatever the file is called', async () => {
    const form = new FormData()
    form.append('picture', new Blob([new Uint8Array(100_000)], { type: 'text/html' }), '../../etc/passwd\u0000.png')
    const { status, data } = await send(form)
    assert.equal(status, 200)
    assert.deepEqual(data, { bytes: 100_000, where: 'top' })
  })

  test('is refused in words that tell what is wrong with it', async () => {
    const file = new Blob(['x'])
    const cases: [FormData, Record<string, string[]>][] = [
      [formWith(), { picture: ['No file was submitted.'] }],
      [
        formWith(['picture', 'text']),
        { picture: ['The submitted data was not a file. Check the encoding type on the form.'] },
      ],
      [formWith(['picture', new Blob([])]), { picture: ['The submitted file is empty.'] }],
      [formWith(['picture', file], ['picture', file]), { picture: ['Submit one file.'] }],
      [formWith(['picture', file], ['user', 'x']), { user: ['Unknown field. Allowed: picture.'] }],
      [formWith(['__proto__', file]), { ['__proto__']: ['Unknown field. Allowed: picture.'] }],
    ]
    for (const [form, errors] of cases) {
      const refused = await send(form)
      assert.equal(refused.status, 400)
      assert.equal(JSON.stringify(refused.errors), JSON.stringify(errors))
    }
    assert.deepEqual((await send(null)).errors, { picture: ['No file was submitted.'] })
  })

  test('that is larger than may be is refused with 413, before or after it is taken apart', async () => {
    for (const size of [100_001, 200_000, 3_000_000]) {
      const refused = await send(formWith(['picture', new Blob([new Uint8Array(size)])]))
      assert.equal(refused.status, 413, `${size}`)
      assert.equal(refused.code, 'payload_too_large')
    }
  })

  test('that is none, or another type of body, is refused', async () => {
    const bodies = ['', 'x', '--a\r\n', '--a\r\nContent-Disposition: form-data; name="picture"\r\n\r\nx', '--a--']
    for (const body of bodies) {
      const { status } = await send(body, { 'content-type': 'multipart/form-data; boundary=a' })
      assert.equal(status, 400, JSON.stringify(body))
    }
    assert.equal((await send('x', { 'content-type': 'multipart/form-data' })).status, 400)
    assert.equal((await send('{}', { 'content-type': 'application/json' })).status, 415)
    assert.equal((await send('x', { 'content-type': 'image/png' })).status, 415)
  })

  test('of many parts, or with a long head, is refused before it is taken apart', async () => {
    const part = '--a\r\nContent-Disposition: form-data; name="p"\r\n\r\n\r\n'
    for (const body of [`${part.repeat(11)}--a--\r\n`, `--a\r\n${'X: y\r\n'.repeat(1000)}\r\nx\r\n--a--\r\n`]) {
      const { status, message } = await send(body, { 'content-type': 'multipart/form-data; boundary=a' })
      assert.equal(status, 400)
      assert.equal(message, 'The body is not the form that it claims to be.')
    }
  })

  test('is not read from whoever may not send it', async () => {
    const refused = await send(formWith(['picture', new Blob([new Uint8Array(3_000_000)])]), {}, false)
    assert.equal(refused.status, 401)
  })

  test('is documented as such', () => {
    const document = openApiDocument(
      endpointsOf(routers, { store: api.store, limits: { pageSize: 1, maxPageSize: 1 } }),
      {
        title: 'Shelf',
        version: '1',
        description: 'A shelf.',
      },
    )
    const { put: putting, get: getting } = document.paths['/api/shelf/boxes/{place}'] ?? {}
    assert.deepEqual(putting?.requestBody, {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: {
              picture: { type: 'string', format: 'binary', description: 'What to show. At most 100000 bytes.' },
            },
            required: ['picture'],
          },
          encoding: { picture: { contentType: 'image/png' } },
        },
      },
    })
    assert.ok('415' in (putting?.responses ?? {}) && '413' in (putting?.responses ?? {}))
    assert.deepEqual(Object.keys(Object(getting?.responses[200]).content), ['image/png'])
    assert.ok('304' in (getting?.responses ?? {}))
  })
})

describe('a file that is answered', () => {
  let api: ThrowawayApi
  before(async () => {
    assert.ok(source)
    api = await source.create()
  })
  after(() => api.drop())

  test('comes as it is, and may be kept by nobody but the browser', async () => {
    const response = await fetch(`${api.address}/api/shelf/boxes/top/`)
    assert.equal(await response.text(), 'a picture')
    assert.equal(response.headers.get('content-type'), 'image/png')
    assert.equal(response.headers.get('cache-control'), 'private, no-cache')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  })

  test('is an empty 304 for whoever has it already', async () => {
    const etag = (await fetch(`${api.address}/api/shelf/boxes/top/`)).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await fetch(`${api.address}/api/shelf/boxes/top/`, { headers: { 'if-none-match': known } })
      assert.equal(response.status, 304, known)
      assert.equal(await response.text(), '')
    }
    const other = await fetch(`${api.address}/api/shelf/boxes/top/`, { headers: { 'if-none-match': '"other"' } })
    assert.equal(other.status, 200)
  })

  test('that is not there is 404 in the envelope', async () => {
    const response = await fetch(`${api.address}/api/shelf/boxes/none/`)
    assert.equal(response.status, 404)
    assert.match(await response.text(), /"code":"not_found"/)
  })
})
