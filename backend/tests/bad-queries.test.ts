import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '@bailiwick/kit/base'
import { testDatabases } from '@bailiwick/kit/testing'
import { assertRefused, badField, CLIENTS, createWorld, type Refusal, type World } from './bad-input-world.ts'

const FIELDS = 'id, name, email, phone, status, owner, credit, notes, tags, birthday, created_at, updated_at'
const ORDERED = FIELDS.replace(' tags,', '')
const NO_INTEGER = 'A valid integer is required.'
const NO_DATETIME =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].'
const NO_CHOICE = (word: string, among: string) =>
  `Select a valid choice. ${word} is not one of the available choices: ${among}.`
const TWICE = 'Give this parameter once. Several values stand between commas, as in status__in=a,b.'

/** Queries of a list, and what is said of the parameter at fault. */
const WRONG: readonly (readonly [query: string, parameter: string, message: string | RegExp])[] = [
  ['nme=x', 'nme', /^Unknown parameter\. Allowed: page, page_size, .*status/],
  ['__proto__=x', '__proto__', /^Unknown parameter\. Allowed: page,/],
  ['constructor=x', 'constructor', /^Unknown parameter\. Allowed: page,/],
  ['business_id=x', 'business_id', /^Unknown parameter/],
  ['deleted_at__isnull=true', 'deleted_at__isnull', /^Unknown parameter/],
  ['created_by=x', 'created_by', /^Unknown parameter/],
  ['tags=x', 'tags', /^Unknown parameter/],
  ['owner__password=x', 'owner__password', /^Unknown parameter\. Allowed of this field: owner,/],
  ['owner__is_superuser=true', 'owner__is_superuser', /^Unknown parameter/],
  ['status__gt=a', 'status__gt', 'Unknown parameter. Allowed of this field: status, status__exact, status__in.'],
  ['credit__icontains=1', 'credit__icontains', /^Unknown parameter\. Allowed of this field: credit,/],
  ['status=lead&status=active', 'status', TWICE],
  ['status=vip', 'status', '"vip" is not a valid choice.'],
  ['status__in=lead,', 'status__in', '"" is not a valid choice.'],
  ['status__in=', 'status__in', 'Give values between commas.'],
  ['id=x', 'id', 'Must be a valid UUID.'],
  ['owner__in=x,y', 'owner__in', 'Must be a valid UUID.'],
  ['credit=1e999', 'credit', 'Ensure that there are no more than 12 digits in total.'],
  ['credit=x', 'credit', 'A valid number is required.'],
  ['credit__gt=10000000000', 'credit__gt', 'Ensure that there are no more than 10 digits before the decimal point.'],
  ['credit__range=1', 'credit__range', 'Range query expects two values.'],
  ['credit__range=1,2,3', 'credit__range', 'Range query expects two values.'],
  [`credit__in=${'1,'.repeat(1000)}1`, 'credit__in', 'Ensure this list has no more than 1000 values.'],
  ['birthday=2023-02-29', 'birthday', 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'],
  ['birthday=10000-01-01', 'birthday', 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'],
  ['birthday__isnull=maybe', 'birthday__isnull', 'Must be a valid boolean.'],
  ['created_at=2026-13-01', 'created_at', NO_DATETIME],
  ['created_at=2026-01-01T24:00Z', 'created_at', NO_DATETIME],
  ['created_at__lt=0001-01-01T00:00:00%2B00:01', 'created_at__lt', 'Datetime value out of range.'],
  ['created_at__lt=9999-12-31T23:59:59-00:01', 'created_at__lt', 'Datetime value out of range.'],
  [`name__icontains=${'x'.repeat(1001)}`, 'name__icontains', 'Ensure this value has no more than 1000 characters.'],
  ['name=a%00', 'name', 'Null characters are not allowed.'],
  ['search=%00', 'search', 'Null characters are not allowed.'],
  [`search=${'x'.repeat(201)}`, 'search', 'Ensure this value has no more than 200 characters.'],
  [`search=${'a+'.repeat(11)}`, 'search', 'Ensure there are no more than 10 terms.'],
  ['ordering=nope', 'ordering', NO_CHOICE('nope', ORDERED)],
  ['ordering=--name', 'ordering', NO_CHOICE('--name', ORDERED)],
  ['ordering=tags', 'ordering', NO_CHOICE('tags', ORDERED)],
  ['ordering=owner__email', 'ordering', NO_CHOICE('owner__email', ORDERED)],
  ['ordering=name,', 'ordering', NO_CHOICE('', ORDERED)],
  ['ordering=name,-name', 'ordering', 'Name each field once.'],
  ['page=0', 'page', 'Ensure this value is greater than or equal to 1.'],
  ['page=-1', 'page', NO_INTEGER],
  ['page=1.0', 'page', NO_INTEGER],
  ['page=%D9%A1', 'page', NO_INTEGER],
  ['page=9007199254740992', 'page', 'Ensure this value is less than or equal to 9007199254740991.'],
  ['page_size=201', 'page_size', 'Ensure this value is less than or equal to 200.'],
  ['fields=', 'fields', NO_CHOICE('', FIELDS)],
  ['fields=id,password', 'fields', NO_CHOICE('password', FIELDS)],
  ['expand=', 'expand', NO_CHOICE('', 'owner')],
  ['expand=owner.business', 'expand', NO_CHOICE('owner.business', 'owner')],
  ['deleted=yes', 'deleted', '"yes" is not a valid choice. Choose: only, with.'],
  ['count=maybe', 'count', '"maybe" is not a valid choice. Choose: exact, none.'],
]

/** Odd queries that mean something all the same, and how many of the two clients they find. */
const ODD: readonly (readonly [query: string, count: number])[] = [
  ['search=%22', 2],
  ['search=,', 2],
  ['search=%25', 1],
  ['search=!', 1],
  ['search=_', 1],
  ['search=*', 0],
  ["search='%20or%201=1", 0],
  ['search=%C3%89CLAIR', 1],
  ['name=', 0],
  ['name=%F0%9F%98%80', 0],
  [`name=${'x'.repeat(9000)}`, 0],
  ['name__startswith=%25', 0],
  ['name__contains=100%25_!', 1],
  ['name__iexact=%C3%89CLAIR%20100%25_!', 1],
  ['email__in=,', 0],
  ['credit__range=5,-5', 0],
  [`credit__in=${'1,'.repeat(999)}0`, 2],
  ['credit__gte=-9999999999.99', 2],
  ['credit__gt=9999999999.99', 0],
  ['birthday__lt=0001-01-01', 0],
  ['birthday__lte=9999-12-31', 1],
  ['created_at__gte=0001-01-01T00:00:00-23:59', 2],
  ['created_at__lte=9999-12-31T23:59:59.999999Z', 2],
  ['ordering=', 2],
  ['&&&', 2],
]

for (const source of testDatabases()) {
  describe(`a bad query on ${source.name}`, () => {
    let world: World
    before(async () => {
      world = await createWorld(source)
      await world.admin.post(CLIENTS, { name: 'éclair 100%_!', birthday: '9999-12-31' })
    })
    after(() => world.app.close())
    const list = (query: string) => world.admin.get(`${CLIENTS}?${query}`)

    it('is refused by the name of the parameter at fault, and told what is allowed', async () => {
      for (const [query, parameter, message] of WRONG) {
        const answer = await list(query)
        assertRefused(answer, { status: 400, code: 'validation_failed', message: 'Validation failed' }, query)
        // Read as entries: `__proto__` is a name like any other.
        const [[name, [told]], ...others] = Object.entries<string[]>(answer.body.errors) as [[string, [string]]] // as: seen at once
        assert.deepEqual([name, others], [parameter, []], query)
        if (message instanceof RegExp) assert.match(told, message, query)
        else assert.equal(told, message, query)
      }
    })

    it('names all parameters at fault at once', async () => {
      const { body } = await list('nme=x&status=vip&page=0&ordering=nope&fields=nope')
      assert.deepEqual(Object.keys(body.errors).sort(), ['fields', 'nme', 'ordering', 'page', 'status'])
    })

    it('that is not percent-encoded UTF-8 is refused', async () => {
      const refusal: Refusal = { status: 400, code: 'parse_error', message: /^Malformed query/ }
      for (const query of ['name=%', 'name=%zz', 'name=%ED%A0%80', 'name=%C3', '%FF=1']) {
        assertRefused(await list(query), refusal, query)
      }
    })

    it('that is only odd finds what it means', async () => {
      for (const [query, count] of ODD) {
        const answer = await list(query)
        assert.equal(answer.status, 200, `${query}: ${answer.text}`)
        assert.equal(answer.body.meta.pagination.count, count, query)
      }
    })

    it('for a page after the last is answered 404, however far', async () => {
      const refusal: Refusal = { status: 404, code: 'not_found', message: 'Invalid page.' }
      for (const query of ['page=2', 'page=9007199254740991', 'page=9007199254740991&page_size=200&count=none']) {
        assertRefused(await list(query), refusal, query)
      }
    })

    it('by ids and values of another business finds nothing', async () => {
      const { foreign, stranger } = world
      const queries = [
        `id=${foreign}`,
        `id__in=${foreign},${newId()}`,
        `owner=${stranger.id}`,
        `owner__in=${stranger.id}`,
      ]
      const over = [`owner__email=${stranger.email}`, `owner__email__startswith=user`, `search=${stranger.email}`]
      for (const query of [...queries, ...over]) {
        const answer = await list(`${query}&deleted=with&expand=owner`)
        assert.equal(answer.status, 200, answer.text)
        assert.ok(!answer.text.includes(foreign), query)
        const owners = answer.body.data.map(({ owner }: { owner: { id: string } | null }) => owner?.id)
        assert.ok(!owners.includes(stranger.id), query)
      }
      assert.equal((await list(`owner=${stranger.id}`)).body.meta.pagination.count, 0)
    })

    it('is refused by endpoints that take no parameter', async () => {
      const { admin, own } = world
      const refusal = badField('x', 'Unknown parameter. This takes none.')
      await world.changingNothing(async () => {
        assertRefused(await admin.post(`${CLIENTS}?x=1`, { name: 'x' }), refusal)
        assertRefused(await admin.put(`${CLIENTS}${own}/?x=1`, { name: 'x' }), refusal)
        assertRefused(await admin.patch(`${CLIENTS}${own}/?x=1`, { name: 'x' }), refusal)
        assertRefused(await admin.delete(`${CLIENTS}${own}/?x=1`), refusal)
        assertRefused(await admin.post(`${CLIENTS}${own}/archive/?x=1`), refusal)
        assertRefused(await admin.get(`${CLIENTS}summary/?x=1`), refusal)
        assertRefused(await admin.get('/api/account/me/?x=1'), refusal)
        assertRefused(
          await admin.get(`${CLIENTS}${own}/?x=1`),
          badField('x', 'Unknown parameter. Allowed: fields, expand.'),
        )
      })
    })
  })
}
