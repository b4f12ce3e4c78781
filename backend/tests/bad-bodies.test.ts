import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { type TestResponse, testDatabases } from '@bailiwick/kit/testing'
import { assertRefused, badField, CLIENTS, createWorld, type Refusal, type World } from './bad-input-world.ts'

const ALLOWED = 'Allowed: name, email, phone, status, owner, credit, notes, tags, birthday.'
const NO_TEXT = 'Not a valid string.'
const NULL = 'This field may not be null.'
const NUL_CHARACTER = 'Null characters are not allowed.'
const NO_NUMBER = 'A valid number is required.'
const NO_DATE = 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'
const NO_EMAIL = 'Enter a valid email address.'
const NO_PHONE = 'Enter a valid phone number.'
const NO_UUID = 'Must be a valid UUID.'
const TOO_DEEP = 'Value must not be nested more than 30 levels deep.'

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const surrogate = (code: string): string => `Surrogate characters are not allowed: U+${code}.`

/** Of each field: JSON texts, and what is said of them. */
const WRONG: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  name: [
    ...['true', '[]', '{}', '1e400'].map((json) => [json, NO_TEXT] as const),
    ['null', NULL],
    ['""', 'This field may not be blank.'],
    ['"  \\t "', 'This field may not be blank.'],
    [`"${'x'.repeat(201)}"`, 'Ensure this field has no more than 200 characters.'],
    ['"a\\u0000b"', NUL_CHARACTER],
    ['"a\\ud800b"', surrogate('D800')],
    ['"\\ude00\\ud83d"', surrogate('DE00')],
  ],
  email: [
    ...['"x"', '"a@b"', '"a b@c.co"', '5', '"👍@b.co"'].map((json) => [json, NO_EMAIL] as const),
    ...['true', '{}', '["a@b.co"]'].map((json) => [json, NO_TEXT] as const),
    [`"${'x'.repeat(250)}@b.co"`, 'Ensure this field has no more than 254 characters.'],
    ['"a@b.co\\u0000"', NUL_CHARACTER],
  ],
  phone: [
    ...['"12"', '"+1234567890123456"', '"call me"', '5'].map((json) => [json, NO_PHONE] as const),
    ['["+97317000000"]', NO_TEXT],
  ],
  status: [
    ['"LEAD"', '"LEAD" is not a valid choice.'],
    ['1', '"1" is not a valid choice.'],
    ['["lead"]', '"["lead"]" is not a valid choice.'],
    ['null', NULL],
  ],
  owner: ['1', '"x"', '""', '[]', '{}', 'true'].map((json) => [json, NO_UUID] as const),
  credit: [
    ...['""', '"NaN"', '"Infinity"', '1e400', '"0x10"', '"1,5"', '"١"', 'true', '[]'].map(
      (json) => [json, NO_NUMBER] as const,
    ),
    ['null', NULL],
    ['10000000000', 'Ensure that there are no more than 10 digits before the decimal point.'],
    ['"-1e10"', 'Ensure that there are no more than 10 digits before the decimal point.'],
    ['0.001', 'Ensure that there are no more than 2 decimal places.'],
    ['"12345678901.25"', 'Ensure that there are no more than 12 digits in total.'],
    ['"1e999"', 'Ensure that there are no more than 12 digits in total.'],
    [`"${'9'.repeat(1001)}"`, 'String value too large.'],
  ],
  notes: [
    ['{}', NO_TEXT],
    ['"\\u0000"', NUL_CHARACTER],
    ['"\\udfff"', surrogate('DFFF')],
  ],
  tags: [
    ['null', NULL],
    ['["\\u0000"]', NUL_CHARACTER],
    ['{"a\\u0000": 1}', NUL_CHARACTER],
    ['[{"a": ["\\ud800"]}]', surrogate('D800')],
    ['[1e400]', 'Out of range float values are not JSON compliant.'],
    ['[1e300]', 'Numbers must be 0 or from 1e-40 to 1e40 in size.'],
    [nested(31), TOO_DEEP],
    [nested(99), TOO_DEEP],
  ],
  birthday: [
    ...['"2023-02-29"', '"0000-01-01"', '"10000-01-01"', '"-0001-01-01"', '"1.1.2020"', '20200101', '""'].map(
      (json) => [json, NO_DATE] as const,
    ),
    ['"2020-01-01T00:00:00Z"', 'Expected a date but got a datetime.'],
  ],
}

const MALFORMED: Refusal = { status: 400, code: 'parse_error', message: /^JSON parse error - / }
const TOO_LARGE: Refusal = { status: 413, code: 'payload_too_large', message: 'Request body is too large.' }
const OTHER_TYPE: Refusal = { status: 415, code: 'unsupported_media_type' }

for (const source of testDatabases()) {
  describe(`a bad body on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await createWorld(source)
    })
    after(() => world.app.close())

    /** Sends the body to every endpoint that takes a client, each of which must refuse it alike. */
    async function everywhere(body: string, refusal: Refusal, headers: Readonly<Record<string, string>> = {}) {
      for (const [method, path] of [
        ['POST', CLIENTS],
        ['PUT', `${CLIENTS}${world.own}/`],
        ['PATCH', `${CLIENTS}${world.own}/`],
      ] as const) {
        const answer = await world.admin.send(method, path, { body, headers })
        assertRefused(answer, refusal, `${method} ${body.slice(0, 60)}`)
      }
    }

    it('of malformed JSON is refused, and nothing is written', async () => {
      const bodies = ['{', '{"name":', '{"name":"x",}', "{'name':'x'}", '{"name":NaN}', '{"name":"x"}}', '\u0000', 'x']
      await world.changingNothing(async () => {
        for (const body of bodies) await everywhere(body, MALFORMED)
        await everywhere('{"name":"x","__proto__":{"status":"active"}}', MALFORMED)
        await everywhere('{"name":"x","tags":{"constructor":{"prototype":{}}}}', MALFORMED)
      })
    })

    it('nested 100,000 levels deep is refused', async () => {
      const message = 'JSON parse error - nested more than 100 levels deep'
      await world.changingNothing(async () => {
        for (const body of [nested(100_000), `{"tags":${nested(100_000)}}`, '{"a":'.repeat(100_000)]) {
          await everywhere(body, { ...MALFORMED, message })
        }
      })
    })

    it('of 10 MB is refused, with its length given or in chunks', async () => {
      const body = JSON.stringify({ name: 'Large', notes: 'x'.repeat(10_000_000) })
      await world.changingNothing(async () => {
        await everywhere(body, TOO_LARGE)
        const stream = new Blob([body]).stream()
        const headers = { 'content-type': 'application/json', authorization: await authorization() }
        const answer = await fetch(world.app.url + CLIENTS, { method: 'POST', body: stream, headers, duplex: 'half' })
        assert.equal(answer.status, 413)
      })
    })

    it('of another type than JSON in UTF-8 is refused', async () => {
      await world.changingNothing(async () => {
        for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/csv']) {
          await everywhere(
            'name=x',
            { ...OTHER_TYPE, message: `Unsupported media type "${type}" in request.` },
            {
              'content-type': type,
            },
          )
        }
        await everywhere('{"name":"x"}', OTHER_TYPE, { 'content-type': 'application/json; charset=utf-16' })
        await everywhere('{"name":"x"}', OTHER_TYPE, { 'content-encoding': 'gzip' })
      })
    })

    it('that is no object is refused in the words of DRF', async () => {
      const expected = (word: string) =>
        badField('non_field_errors', `Invalid data. Expected a dictionary, but got ${word}.`)
      await world.changingNothing(async () => {
        await everywhere('[]', expected('list'))
        await everywhere('[{"name":"x"}]', expected('list'))
        await everywhere('"x"', expected('string'))
        await everywhere('5', expected('number'))
        await everywhere('true', expected('boolean'))
        await everywhere('null', badField('non_field_errors', 'No data provided'))
      })
    })

    for (const [field, cases] of Object.entries(WRONG)) {
      it(`with a bad ${field} is refused by its name, and nothing is written`, async () => {
        await world.changingNothing(async () => {
          for (const [json, message] of cases) {
            const name = field === 'name' ? '' : '"name":"x",'
            await everywhere(`{${name}"${field}":${json}}`, badField(field, message))
          }
        })
      })
    }

    it('with unknown or read-only fields is refused, and told what is allowed', async () => {
      const unknown = ['nme', 'business', 'business_id', 'deleted_at', 'created_by', 'password', 'owner_id', '\u0000']
      const readOnly = ['id', 'created_at', 'updated_at']
      await world.changingNothing(async () => {
        for (const field of unknown) {
          await everywhere(
            JSON.stringify({ name: 'x', [field]: newId() }),
            badField(field, `Unknown field. ${ALLOWED}`),
          )
        }
        for (const field of readOnly) {
          await everywhere(JSON.stringify({ name: 'x', [field]: newId() }), badField(field, 'This field is read-only.'))
        }
      })
    })

    it('that points to a user of another business is refused as for a user that never was', async () => {
      await world.changingNothing(async () => {
        for (const owner of [world.stranger.id, newId(), world.own, world.foreign]) {
          const body = JSON.stringify({ name: 'x', owner })
          await everywhere(body, badField('owner', `Invalid pk "${owner}" - object does not exist.`))
        }
      })
    })

    it('at the very bounds is taken, and comes back as it went in', async () => {
      const values = [
        { credit: '9999999999.99', birthday: '0001-01-01' },
        { credit: '-9999999999.99', birthday: '9999-12-31' },
        { name: '😀'.repeat(200), notes: `\u0001\u2028"\\ ${'é'.repeat(99_990)}`, birthday: '2024-02-29' },
        {
          tags: JSON.parse(nested(30)),
          phone: '+123456789012345',
          email: `${'x'.repeat(64)}@${'y'.repeat(63)}.example`,
        },
        { tags: { toString: 1, __bw: [1e40, 1e-40, -0.1], '': null } },
      ]
      for (const each of values) {
        const made = await world.admin.post(CLIENTS, { name: 'Bounds', ...each })
        assert.equal(made.status, 201, made.text.slice(0, 300))
        const { data } = (await world.admin.get(`${CLIENTS}${made.body.data.id}/`)).body
        for (const [name, value] of Object.entries(each)) assert.deepEqual(data[name], value, name)
      }
    })

    it('is refused by endpoints that take none', async () => {
      const refusal = badField('non_field_errors', 'This takes no body.')
      const send = (method: string, path: string): Promise<TestResponse> =>
        world.admin.send(method, path, { body: { status: 'active' } })
      await world.changingNothing(async () => {
        assertRefused(await send('DELETE', `${CLIENTS}${world.own}/`), refusal)
        assertRefused(await send('POST', `${CLIENTS}${world.own}/archive/`), refusal)
        assertRefused(await send('POST', `${CLIENTS}${world.own}/restore/`), refusal)
        assertRefused(await send('POST', '/api/account/logout/'), refusal)
      })
      assert.equal((await world.admin.get(CLIENTS)).status, 200)
    })

    async function authorization(): Promise<string> {
      const { email, password } = world.user
      const answer = await world.app.guest.post('/api/account/login/', { email, password })
      return `Bearer ${answer.body.data.access}`
    }
  })
}
