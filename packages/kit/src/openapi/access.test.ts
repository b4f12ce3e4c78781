import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowAny, and, atLeast, isMember, isOwner, not, or, type Permission, permission } from '../auth/index.ts'
import { openTo, permissionWords, securityOf } from './access.ts'

const guarded = (rule: Permission, method: 'GET' | 'POST' = 'GET') => ({
  ...{ permission: rule, action: 'list', method, tag: 'clients' },
})

test('an endpoint for everyone asks for no token', () => {
  assert.equal(openTo(guarded(allowAny)), 'everyone')
  assert.deepEqual(securityOf(guarded(allowAny)), { security: [] })
  assert.deepEqual(securityOf(guarded(or(isMember, allowAny))), { security: [] })
})

test('an endpoint for members asks for a token, a cookie or an API key', () => {
  assert.equal(openTo(guarded(isMember)), 'the signed-in')
  assert.deepEqual(securityOf(guarded(isMember)), { security: [{ bearer: [] }, { cookie: [] }, { apiKey: [] }] })
  assert.deepEqual(securityOf(guarded(isMember, 'POST')).security[1], { cookie: [], csrf: [] })
  assert.deepEqual(securityOf({ ...guarded(isMember), tag: 'account' }).security, [{ bearer: [] }, { cookie: [] }])
})

test('an endpoint whose records may be open to strangers asks for a token or nothing', () => {
  const isPublic = permission({
    name: 'isPublic',
    allows: () => true,
    allowsObject: (_subject, row) => !!row.is_public,
  })
  assert.equal(openTo(guarded(isPublic)), 'some strangers')
  assert.deepEqual(securityOf(guarded(isPublic)), { security: [{ bearer: [] }, { cookie: [] }, { apiKey: [] }, {}] })
})

test('a permission may leave reading open', () => {
  const isReading = permission({ name: 'isReading', allows: ({ method }) => method === 'GET' })
  assert.equal(openTo(guarded(or(isReading, isMember), 'GET')), 'everyone')
  assert.equal(openTo(guarded(or(isReading, isMember), 'POST')), 'the signed-in')
})

test('a permission is told in words', () => {
  assert.equal(permissionWords(guarded(allowAny)), 'Everyone')
  assert.equal(
    permissionWords(guarded(or(atLeast('manager'), isOwner('owner')))),
    'Members of the business from manager up or whom the record names as `owner`',
  )
  const paid = permission({ name: 'hasPaid', allows: () => true })
  assert.equal(permissionWords(guarded(and(isMember, not(paid)))), 'Members of the business and not (`hasPaid`)')
})
