// size: one contract of viewsets, held on three databases by one set of models and rows.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allowAny, atLeast, isMember, isOwner } from '../auth/index.ts'
import { newId, validationError } from '../base/index.ts'
import { choice, date, datetime, decimal, email, foreignKey, integer, json, model, text } from '../db/index.ts'
import { type Caller, type Reply, type ThrowawayApi, testApis } from '../testing/throwaway-api.ts'
import { action, computed, router, serializer, view, viewset } from './index.ts'

const Person = model('crm.Person', {
  scope: 'global',
  reason: 'People work for many businesses.',
  fields: { email: email({ unique: true }), name: text(), password: text({ sensitive: true }) },
})
const Client = model('crm.Client', {
  scope: 'business',
  fields: {
    name: text({ max: 200 }),
    email: email().optional(),
    status: choice(['lead', 'active', 'archived']).default('lead'),
    owner: foreignKey(() => Person, { onDelete: 'set null' }).optional(),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    visits: integer({ min: 0 }).default(0),
    tags: json<string[]>().default(() => []),
    birthday: date().optional(),
    seen_at: datetime().optional(),
    pin: text({ writeOnly: true }).optional(),
    origin: text({ readOnly: true }).default('api'),
    secret: text({ sensitive: true }).optional(),
  },
  unique: [['email']],
  display: 'name',
})
const Invoice = model('crm.Invoice', {
  scope: 'business',
  fields: { number: text({ unique: true }), client: foreignKey(() => Client, { onDelete: 'protect' }) },
  display: 'number',
})
const Invoices = viewset(Invoice, {
  only: ['create', 'list'],
  permissions: { default: isMember, list: atLeast('admin') },
})

const Clients = viewset(Client, {
  search: ['name', 'email'],
  permissions: {
    default: isMember,
    create: atLeast('agent'),
    destroy: atLeast('manager'),
    restore: atLeast('manager'),
  },
  messages: { create: 'Client created.' },
  actions: {
    archive: action(Client, {
      detail: true,
      summary: 'Archive a client',
      response: serializer(Client),
      run: async (row, { ctx }) => {
        await ctx.query(Client).filter({ id: row.id }).update({ status: 'archived' })
        return ctx.query(Client).get(row.id)
      },
    }),
    totals: action(Client, {
      detail: false,
      method: 'GET',
      summary: 'Count the clients',
      response: serializer('ClientTotals', { fields: { count: integer() } }),
      run: async ({ ctx }) => ({ count: await ctx.query(Client).count() }),
    }),
  },
})
const Rich = viewset(Client, {
  serializer: serializer(Client, {
    name: 'RichClient',
    fields: ['id', 'name', 'owner', 'is_deleted'],
    computed: { initial: computed(text(), (client) => client.name.charAt(0)) },
    nested: { owner: serializer(Person, { name: 'Owner', fields: ['id', 'name'] }) },
  }),
})
const Own = viewset(Client, {
  permissions: isOwner('created_by'),
  filterRows: ({ principal }) => ({ created_by: principal?.userId ?? null }),
  validate: async (values) => {
    if (values.name === 'forbidden') throw validationError({ name: ['Choose another name.'] })
    return values
  },
})
const echo = view({
  method: 'POST',
  path: 'echo/',
  name: 'echo',
  summary: 'Say it again',
  permission: allowAny,
  body: serializer('EchoRequest', { fields: { words: text({ max: 10 }), times: integer().default(1) } }),
  response: serializer('Echo', { fields: { words: text(), times: integer() } }),
  run: async ({ body }) => ({ words: body.words, times: body.times ?? 0 }),
})

const ROUTERS = [router('crm', { clients: Clients, rich: Rich, own: Own, invoices: Invoices }, [echo])]
const CLIENTS = '/api/crm/clients/'

function refused(reply: Reply, status: number, code: string, errors?: Record<string, readonly string[]>): void {
  assert.equal(reply.status, status, reply.text)
  assert.equal(reply.body.data, null)
  assert.equal(reply.body.code, code)
  assert.ok(reply.body.meta.request_id)
  if (errors) assert.deepEqual(reply.body.errors, errors)
}

for (const source of testApis([Person, Client, Invoice], ROUTERS)) {
  describe(`a viewset on ${source.name}`, () => {
    let api: ThrowawayApi
    let call: Caller
    let owner: string
    const business = newId()
    before(async () => {
      api = await source.create()
      call = api.as({ business })
      owner = (await api.context(null).query(Person).create({ email: 'asha@acme.test', name: 'Asha', password: 'x' }))
        .id
    })
    after(() => api.drop())
    const make = async (values: object, as: Caller = call): Promise<string> => {
      const reply = await as('POST', CLIENTS, { body: values })
      assert.equal(reply.status, 201, reply.text)
      return reply.body.data.id
    }

    test('makes a row and answers it, with its address and a message', async () => {
      const body = {
        name: 'Acme "q" é 😀',
        email: 'sales@ACME.test',
        owner,
        credit: 12.5,
        tags: ['a', { b: null }],
        birthday: '1990-05-17',
        seen_at: '2026-01-31T12:30:00.25+03:00',
        pin: '1234',
      }
      const reply = await call('POST', CLIENTS, { body })
      assert.equal(reply.status, 201)
      const { id, created_at, updated_at, ...rest } = reply.body.data
      assert.equal(reply.headers.get('location'), `${CLIENTS}${id}/`)
      assert.equal(reply.body.message, 'Client created.')
      assert.deepEqual(rest, {
        name: 'Acme "q" é 😀',
        email: 'sales@acme.test',
        status: 'lead',
        owner,
        credit: '12.50',
        visits: 0,
        tags: ['a', { b: null }],
        birthday: '1990-05-17',
        seen_at: '2026-01-31T09:30:00.25Z',
        origin: 'api',
      })
      assert.match(created_at, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/)
      assert.equal(updated_at, created_at)
      assert.deepEqual((await call('GET', `${CLIENTS}${id}/`)).body.data, reply.body.data)
    })

    test('names every bad field, and writes nothing', async () => {
      const before = (await call('GET', `${CLIENTS}totals/`)).body.data.count
      const body = {
        name: '',
        email: 'x',
        status: 'vip',
        credit: '1.234',
        visits: -1,
        birthday: '2023-02-30',
        nme: 1,
        origin: 'me',
        secret: 's',
        tags: ['\0'],
        owner: newId().slice(1),
      }
      const reply = await call('POST', CLIENTS, { body })
      refused(reply, 400, 'validation_failed')
      assert.equal(reply.body.message, 'Validation failed')
      const allowed = 'Allowed: name, email, status, owner, credit, visits, tags, birthday, seen_at, pin.'
      assert.deepEqual(reply.body.errors, {
        name: ['This field may not be blank.'],
        email: ['Enter a valid email address.'],
        status: ['"vip" is not a valid choice.'],
        credit: ['Ensure that there are no more than 2 decimal places.'],
        visits: ['Ensure this value is greater than or equal to 0.'],
        birthday: ['Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'],
        nme: [`Unknown field. ${allowed}`],
        origin: ['This field is read-only.'],
        secret: [`Unknown field. ${allowed}`],
        tags: ['Null characters are not allowed.'],
        owner: ['Must be a valid UUID.'],
      })
      assert.equal((await call('GET', `${CLIENTS}totals/`)).body.data.count, before)
    })

    test('refuses bodies that are no object in the words of DRF', async () => {
      const wanted = (word: string) => ({ non_field_errors: [`Invalid data. Expected a dictionary, but got ${word}.`] })
      refused(await call('POST', CLIENTS, { body: [] }), 400, 'validation_failed', wanted('list'))
      refused(await call('POST', CLIENTS, { body: '"x"' }), 400, 'validation_failed', wanted('string'))
      refused(await call('POST', CLIENTS, { body: 'null' }), 400, 'validation_failed', {
        non_field_errors: ['No data provided'],
      })
      refused(await call('POST', CLIENTS), 400, 'validation_failed', { name: ['This field is required.'] })
      refused(await call('POST', CLIENTS, { body: { name: null } }), 400, 'validation_failed', {
        name: ['This field may not be null.'],
      })
      refused(await call('POST', CLIENTS, { body: '{"name":' }), 400, 'parse_error')
      refused(
        await call('POST', CLIENTS, { body: 'name=x', headers: { 'content-type': 'text/csv' } }),
        415,
        'unsupported_media_type',
      )
      refused(await call('POST', CLIENTS, { body: '{"name":"x","__proto__":{"a":1}}' }), 400, 'parse_error')
      refused(
        await call('POST', CLIENTS, { body: `{"name":"x","tags":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }),
        400,
        'parse_error',
      )
      refused(
        await call('POST', CLIENTS, { body: `{"name":"x","tags":${'['.repeat(40)}${']'.repeat(40)}}` }),
        400,
        'validation_failed',
      )
      refused(await call('POST', CLIENTS, { body: `{"name":"${'x'.repeat(3_000_000)}"}` }), 413, 'payload_too_large')
      refused(await call('POST', CLIENTS, { body: '{"name":"a\\ud800"}' }), 400, 'validation_failed', {
        name: ['Surrogate characters are not allowed: U+D800.'],
      })
      refused(await call('POST', CLIENTS, { body: '{"name":"x","visits":1e400}' }), 400, 'validation_failed', {
        visits: ['A valid integer is required.'],
      })
    })

    test('changes all fields by PUT and some by PATCH', async () => {
      const id = await make({ name: 'Before', credit: '1' })
      const patched = await call('PATCH', `${CLIENTS}${id}/`, { body: { status: 'active' } })
      assert.deepEqual([patched.status, patched.body.data.status, patched.body.data.name], [200, 'active', 'Before'])
      assert.equal(patched.body.message, 'Updated successfully')
      refused(await call('PUT', `${CLIENTS}${id}/`, { body: { status: 'lead' } }), 400, 'validation_failed', {
        name: ['This field is required.'],
      })
      const put = await call('PUT', `${CLIENTS}${id}/`, { body: { name: 'After' } })
      assert.deepEqual([put.body.data.name, put.body.data.status, put.body.data.credit], ['After', 'active', '1.00'])
      assert.equal((await call('PATCH', `${CLIENTS}${id}/`, { body: {} })).status, 200)
      refused(await call('PATCH', `${CLIENTS}${id}/`, { body: { id: newId() } }), 400, 'validation_failed', {
        id: ['This field is read-only.'],
      })
    })

    test('deletes into the bin, shows the bin to those who may restore, and restores', async () => {
      const id = await make({ name: 'Binned' })
      const gone = await call('DELETE', `${CLIENTS}${id}/`)
      assert.deepEqual([gone.status, gone.body.data, gone.body.message], [200, null, 'Deleted successfully'])
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        refused(
          await call(method, `${CLIENTS}${id}/`, method === 'PATCH' ? { body: { name: 'x' } } : {}),
          404,
          'not_found',
        )
      }
      const bin = await call('GET', `${CLIENTS}?deleted=only&fields=name&name=Binned`)
      assert.deepEqual(Object.keys(bin.body.data[0]), ['name', 'deleted_at'])
      refused(await api.as({ business, role: 'agent' })('GET', `${CLIENTS}?deleted=only`), 403, 'permission_denied')
      const restored = await call('POST', `${CLIENTS}${id}/restore/`)
      assert.deepEqual(
        [restored.status, restored.body.data.id, restored.body.message],
        [200, id, 'Restored successfully'],
      )
      refused(await call('POST', `${CLIENTS}${id}/restore/`), 404, 'not_found')
    })

    test('answers 409 for a value that is taken, also to two at the same time', async () => {
      const message = 'Client with this email already exists.'
      await make({ name: 'First', email: 'taken@acme.test' })
      const second = await call('POST', CLIENTS, { body: { name: 'Second', email: 'taken@acme.test' } })
      refused(second, 409, 'conflict', { email: [message] })
      const both = await Promise.all(
        [1, 2, 3, 4].map(() => call('POST', CLIENTS, { body: { name: 'Race', email: 'race@acme.test' } })),
      )
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409, 409, 409])
      const id = await make({ name: 'Third', email: 'third@acme.test' })
      refused(await call('PATCH', `${CLIENTS}${id}/`, { body: { email: 'taken@acme.test' } }), 409, 'conflict', {
        email: [message],
      })
    })

    test('answers 409 where other rows point to the one to be deleted', async () => {
      const client = await make({ name: 'Invoiced' })
      const invoice = await call('POST', '/api/crm/invoices/', { body: { number: 'A-1', client } })
      assert.equal(invoice.status, 201)
      const reply = await call('DELETE', `${CLIENTS}${client}/`)
      refused(reply, 409, 'protected', { non_field_errors: ['Cannot delete this client: 1 invoice points to it.'] })
      assert.deepEqual(reply.body.meta.protected_by, [
        { model: 'crm.Invoice', field: 'client', count: 1, rows: [{ id: invoice.body.data.id, display: 'A-1' }] },
      ])
      const unseen = await api.as({ business, role: 'manager' })('DELETE', `${CLIENTS}${client}/`)
      assert.deepEqual(unseen.body.meta.protected_by, [{ model: 'crm.Invoice', field: 'client', count: 1, rows: [] }])
      assert.equal((await call('GET', `${CLIENTS}${client}/`)).status, 200)
    })

    describe('lists', () => {
      const shop = newId()
      let list: (query?: string) => Promise<Reply>
      const names = async (query: string): Promise<string[]> => {
        const reply = await list(query)
        assert.equal(reply.status, 200, reply.text)
        return reply.body.data.map(({ name }: { name: string }) => name)
      }
      before(async () => {
        const as = api.as({ business: shop })
        list = (query = '') => as('GET', `${CLIENTS}${query}`)
        await make({ name: 'Alpha', status: 'active', credit: '10', owner, seen_at: '2026-01-01T10:00:00Z' }, as)
        await make({ name: 'beta', email: 'beta@b.co', credit: '20.5', visits: 3, birthday: '2000-01-01' }, as)
        await make({ name: 'gamma & co', status: 'archived' }, as)
      })

      test('have the newest first, with their exact number', async () => {
        const reply = await list()
        assert.deepEqual(
          reply.body.data.map(({ name }: { name: string }) => name),
          ['gamma & co', 'beta', 'Alpha'],
        )
        assert.deepEqual(reply.body.meta.pagination, {
          count: 3,
          page: 1,
          page_size: 50,
          total_pages: 1,
          next: null,
          previous: null,
        })
      })

      test('come in pages that link to each other with all that was asked', async () => {
        const reply = await list('?ordering=name&page=2&page_size=1&status__in=lead,active,archived')
        const { next, previous, ...rest } = reply.body.meta.pagination
        assert.deepEqual(rest, { count: 3, page: 2, page_size: 1, total_pages: 3 })
        assert.equal(next, `${api.address}${CLIENTS}?ordering=name&page_size=1&status__in=lead,active,archived&page=3`)
        assert.equal(previous, `${api.address}${CLIENTS}?ordering=name&page_size=1&status__in=lead,active,archived`)
        refused(await list('?page=99'), 404, 'not_found')
        assert.equal((await list('?page=99')).body.message, 'Invalid page.')
        const uncounted = await list('?count=none&page_size=2')
        assert.deepEqual([uncounted.body.data.length, uncounted.body.meta.pagination.count], [2, null])
        assert.match(uncounted.body.meta.pagination.next, /page=2/)
      })

      test('are filtered, searched and sorted', async () => {
        assert.deepEqual(await names('?status=active'), ['Alpha'])
        assert.deepEqual(await names('?credit__gte=10&ordering=-credit'), ['beta', 'Alpha'])
        assert.deepEqual(await names('?owner__email=asha@acme.test'), ['Alpha'])
        assert.deepEqual(await names('?owner__isnull=true&ordering=name'), ['beta', 'gamma & co'])
        assert.deepEqual(await names('?birthday__range=1999-12-31,2000-01-01'), ['beta'])
        assert.deepEqual(await names('?seen_at=2026-01-01T13:00:00%2B03:00'), ['Alpha'])
        assert.deepEqual(await names('?seen_at=2026-01-01T13:00:00+03:00'), ['Alpha'])
        assert.deepEqual(await names('?name__icontains=ALPHA'), ['Alpha'])
        assert.deepEqual(await names('?search=gamma%20%26'), ['gamma & co'])
        assert.deepEqual(await names('?ordering=-status,name'), ['beta', 'gamma & co', 'Alpha'])
        assert.deepEqual(await names('?search='), ['gamma & co', 'beta', 'Alpha'])
      })

      test('show some fields, and rows that others point to', async () => {
        const fields = await list('?fields=name,id&status=active')
        assert.deepEqual(Object.keys(fields.body.data[0]), ['id', 'name'])
        const expanded = await list('?expand=owner&ordering=name')
        assert.deepEqual(expanded.body.data[0].owner, { id: owner, email: 'asha@acme.test', name: 'Asha' })
        assert.equal(expanded.body.data[1].owner, null)
      })

      test('refuse what they do not know, and say what they do', async () => {
        const bad = {
          '?stauts=active': 'stauts',
          '?pin=1': 'pin',
          '?secret=1': 'secret',
          '?owner__password=x': 'owner__password',
          '?tags=a': 'tags',
          '?status__gt=a': 'status__gt',
          '?status=vip': 'status',
          '?credit__gt=x': 'credit__gt',
          '?birthday=2023-02-30': 'birthday',
          '?owner=x': 'owner',
          '?status__in=': 'status__in',
          '?visits__range=1': 'visits__range',
          '?visits=99999999999': 'visits',
          '?owner__isnull=maybe': 'owner__isnull',
          '?ordering=nope': 'ordering',
          '?ordering=name,-name': 'ordering',
          '?ordering=pin': 'ordering',
          '?page=0': 'page',
          '?page=x': 'page',
          '?page_size=201': 'page_size',
          '?fields=nope': 'fields',
          '?expand=nope': 'expand',
          '?deleted=yes': 'deleted',
          '?count=maybe': 'count',
          '?status=lead&status=active': 'status',
          [`?search=${'x'.repeat(201)}`]: 'search',
        }
        for (const [query, name] of Object.entries(bad)) {
          const reply = await list(query)
          refused(reply, 400, 'validation_failed')
          assert.deepEqual(Object.keys(reply.body.errors), [name], query)
        }
        assert.match((await list('?stauts=active')).body.errors.stauts[0], /Allowed: .*status/)
      })

      test('know nothing of other businesses', async () => {
        const other = api.as({ business: newId() })
        assert.deepEqual((await other('GET', CLIENTS)).body.data, [])
        assert.equal((await other('GET', `${CLIENTS}?search=alpha`)).body.meta.pagination.count, 0)
      })
    })

    test('answers for a row of another business just as for one that never was', async () => {
      const id = await make({ name: 'Ours' })
      const other = api.as({ business: newId() })
      const unknown = newId()
      const attempts: readonly (readonly [string, string, unknown?])[] = [
        ['GET', '/'],
        ['PUT', '/', { name: 'Theirs' }],
        ['PATCH', '/', { name: 'Theirs' }],
        ['DELETE', '/'],
        ['POST', '/restore/'],
        ['POST', '/archive/'],
      ]
      for (const [method, rest, body] of attempts) {
        const headers = { 'x-request-id': 'same' }
        const foreign = await other(method, `${CLIENTS}${id}${rest}`, { body, headers })
        const never = await other(method, `${CLIENTS}${unknown}${rest}`, { body, headers })
        refused(foreign, 404, 'not_found')
        assert.equal(foreign.text, never.text, `${method} ${rest}`)
      }
      refused(await call('GET', `${CLIENTS}no-id/`), 404, 'not_found')
      assert.equal((await call('GET', `${CLIENTS}${id}/`)).body.data.name, 'Ours')
      const invoice = (client: string) => other('POST', '/api/crm/invoices/', { body: { number: 'X', client } })
      refused(await invoice(id), 400, 'validation_failed', { client: [`Invalid pk "${id}" - object does not exist.`] })
      refused(await invoice(unknown), 400, 'validation_failed', {
        client: [`Invalid pk "${unknown}" - object does not exist.`],
      })
    })

    test('asks its permissions, each action its own', async () => {
      refused(await api.as(null)('GET', CLIENTS), 401, 'not_authenticated')
      refused(await api.as({ business: null })('GET', CLIENTS), 403, 'business_required')
      const subscriber = api.as({ business, role: 'subscriber' })
      assert.equal((await subscriber('GET', CLIENTS)).status, 200)
      refused(await subscriber('POST', CLIENTS, { body: { name: 'x' } }), 403, 'permission_denied')
      const agent = api.as({ business, role: 'agent' })
      const id = await make({ name: 'Kept' }, agent)
      refused(await agent('DELETE', `${CLIENTS}${id}/`), 403, 'permission_denied')
    })

    test('has actions of its own on one row and on the list', async () => {
      const id = await make({ name: 'To archive' })
      const archived = await call('POST', `${CLIENTS}${id}/archive/`)
      assert.deepEqual([archived.status, archived.body.data.status], [200, 'archived'])
      refused(await call('POST', `${CLIENTS}${newId()}/archive/`), 404, 'not_found')
      refused(await call('GET', `${CLIENTS}${id}/archive/`), 405, 'method_not_allowed')
      refused(await call('GET', `${CLIENTS}totals/?x=1`), 400, 'validation_failed')
    })

    test('shows fields that are worked out, and rows that others point to', async () => {
      const made = await call('POST', '/api/crm/rich/', { body: { name: 'Zoë', owner } })
      assert.equal(made.status, 201, made.text)
      const { id, ...rest } = made.body.data
      assert.deepEqual(rest, { name: 'Zoë', owner: { id: owner, name: 'Asha' }, is_deleted: false, initial: 'Z' })
      const listed = await call('GET', '/api/crm/rich/?owner__name=Asha&name=Zo%C3%AB')
      assert.deepEqual(listed.body.data, [made.body.data])
      assert.equal(listed.body.meta.pagination.count, 1)
      const changed = await call('PATCH', `/api/crm/rich/${id}/`, { body: { owner: null } })
      assert.equal(changed.body.data.owner, null)
    })

    test('narrows its rows to those of the asker, and checks values by a hook', async () => {
      const [asha, omar] = [newId(), newId()].map((userId) => api.as({ business, userId }))
      if (!asha || !omar) throw new TypeError('two callers are needed')
      const made = await asha('POST', '/api/crm/own/', { body: { name: 'Mine' } })
      assert.equal(made.status, 201, made.text)
      assert.equal((await asha('GET', '/api/crm/own/')).body.meta.pagination.count, 1)
      assert.equal((await omar('GET', '/api/crm/own/')).body.meta.pagination.count, 0)
      refused(await omar('GET', `/api/crm/own/${made.body.data.id}/`), 404, 'not_found')
      refused(await omar('DELETE', `/api/crm/own/${made.body.data.id}/`), 404, 'not_found')
      refused(await asha('POST', '/api/crm/own/', { body: { name: 'forbidden' } }), 400, 'validation_failed', {
        name: ['Choose another name.'],
      })
    })

    test('stands beside views of its own kind', async () => {
      const reply = await api.as(null)('POST', '/api/crm/echo/', { body: { words: 'hi' } })
      assert.deepEqual(reply.body.data, { words: 'hi', times: 1 })
      refused(
        await api.as(null)('POST', '/api/crm/echo/', { body: { words: 'much too long', more: 1 } }),
        400,
        'validation_failed',
        {
          words: ['Ensure this field has no more than 10 characters.'],
          more: ['Unknown field. Allowed: words, times.'],
        },
      )
    })
  })
}

test('a list whose permission looks at rows must say how it narrows them', async () => {
  const [source] = testApis(
    [Person, Client, Invoice],
    [router('crm', { clients: viewset(Client, { permissions: isOwner() }) })],
  )
  await assert.rejects(async () => source?.create(), /narrow them by filterRows/)
})
