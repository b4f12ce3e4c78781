import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { newId } from '../base/index.ts'
import { SAMPLE_FIELDS } from '../db/fields/test-fields.ts'
import { foreignKey, model, text } from '../db/index.ts'
import { type Caller, type Reply, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { router, viewset } from './index.ts'

const Owner = model('kinds.Owner', { scope: 'business', id: 'bigint', fields: { name: text() } })
const Sample = model('kinds.Sample', {
  scope: 'business',
  fields: {
    ...Object.fromEntries(Object.entries(SAMPLE_FIELDS).map(([name, { field }]) => [name, field.optional()])),
    owner: foreignKey(() => Owner, { onDelete: 'cascade' }).optional(),
  },
})
// as: the names of the fields are not known to the compiler here
const SEARCH = ['text', '^email', '=slug', 'file'] as never
const ROUTERS = [router('kinds', { samples: viewset(Sample, { search: SEARCH }) })]
const SAMPLES = '/api/kinds/samples/'
const PARAMETERS = [
  ...[...Sample.columns.values()].flatMap(({ name, kind }) => kind.lookups.map((lookup) => `${name}__${lookup}`)),
  ...[
    'owner__name__icontains',
    'owner__id__in',
    'search',
    'ordering',
    'page',
    'page_size',
    'fields',
    'expand',
    'deleted',
  ],
]

/** What stands at the edge of some kind, and what belongs to none. */
const EDGES = [
  ...['', ' ', '0', '-0', '1', '-1', '+5', '5.0', '.5', '5.', '00005', '0x10', '1e5', '1e400', '1e-400', 'NaN', '١'],
  ...['2147483647', '2147483648', '-2147483648', '-2147483649', '9007199254740993', '9223372036854775807'],
  ...['-9223372036854775808', '9223372036854775808', '99999999999.9999', '-99999999999.9999', '100000000000'],
  ...['1.7976931348623157e308', '5e-324', '0001-01-01', '9999-12-31', '2023-02-29', '0000-00-00', '24:00', '23:59'],
  ...['23:59:59.999999', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.999999Z'],
  ...[
    '2026-01-01 00:00:00',
    'true',
    'off',
    'lead',
    'a@b.co',
    'http://a.b',
    '::1',
    '::FFFF:1.2.3.4',
    '1 02:03:04.5',
    '-1',
    'P1DT2H',
    'BHD',
    'a/b.PNG',
    '../a',
    '106751992 0',
    '\ud83d\ude00',
    'İ',
    '\u0000',
    '\u2028',
  ],
  ...['0198F3A05B7C7D2E8F103C5A9E1B2D47', "' or 1=1 --", '%', '_', '!', '\\', '*?[', 'a,b', '1,2', ',', '"', '$1', '?'],
]

for (const source of testApis([Owner, Sample], ROUTERS)) {
  describe(`fields of every kind on ${source.name}`, () => {
    let api: ThrowawayApi
    let call: Caller
    before(async () => {
      api = await source.create()
      call = api.as({ business: newId() })
    })
    after(() => api.drop())

    /** Nothing that a database had to refuse: the kinds know its bounds. */
    function assertForeseen({ status, text, body }: Reply): void {
      assert.ok([200, 201, 400, 404].includes(status), text)
      assert.notEqual(body.code, 'bad_request', text)
    }

    test('take a value and give it back as they showed it, or refuse it', async () => {
      const declared = [...Sample.columns.values()].filter(({ origin }) => origin === 'declared')
      const field = fc.constantFrom(...declared.map(({ name }) => name))
      const value = fc.oneof(fc.constantFrom(...EDGES), fc.constantFrom(...EDGES).map(Number), fc.jsonValue())
      await fc.assert(
        fc.asyncProperty(field, value, async (name, value) => {
          const made = await call('POST', SAMPLES, { body: { [name]: value } })
          assertForeseen(made)
          if (made.status !== 201) return
          const { data } = (await call('GET', `${SAMPLES}${made.body.data.id}/`)).body
          assert.deepEqual(data, made.body.data)
          const filtered = await call('GET', `${SAMPLES}?${name}=${encodeURIComponent(String(data[name]))}`)
          if (filtered.status === 200 && data[name] !== null) {
            assert.ok(filtered.body.meta.pagination.count >= 1, `${name}=${data[name]}`)
          }
        }),
        { numRuns: 200 },
      )
    })

    test('are filtered, searched and sorted by anything, or refuse it', async () => {
      const value = fc.oneof(
        fc.constantFrom(...EDGES),
        fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      )
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...PARAMETERS), value, async (name, value) => {
          assertForeseen(await call('GET', `${SAMPLES}?${name}=${encodeURIComponent(value)}`))
        }),
        { numRuns: 300 },
      )
    })
  })
}
