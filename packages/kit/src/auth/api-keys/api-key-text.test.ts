import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { addressCheck } from './address-list.ts'
import { newApiKey, readApiKey } from './api-key-text.ts'
import { scopeProblems, scopeRefusal } from './scopes.ts'

describe('the text of an API key', () => {
  it('names its business and its prefix, and is unlike every other', () => {
    const business = newId()
    const { key, hash } = newApiKey(business, 'abcdefghij12')
    assert.match(key, /^bwk_[\w-]{22}_abcdefghij12_[\w-]{43}_[0-9a-z]{7}$/)
    assert.deepEqual(readApiKey(key), { business, prefix: 'abcdefghij12', hash })
    assert.match(hash, /^[0-9a-f]{64}$/)
    assert.notEqual(newApiKey(business, 'abcdefghij12').key, key)
  })

  it('is refused by its checksum when one character is another, missing or too many', () => {
    const { key } = newApiKey(newId())
    for (let at = 0; at < key.length; at++) {
      const other = key.charAt(at) === 'a' ? 'b' : 'a'
      assert.equal(readApiKey(key.slice(0, at) + other + key.slice(at + 1)), null, `character ${at}`)
      assert.equal(readApiKey(key.slice(0, at) + key.slice(at + 1)), null, `without ${at}`)
    }
    for (const wrong of ['', 'bwk_', ` ${key}`, `${key} `, `${key}\n`, key.toUpperCase(), 'bwk_'.repeat(5000)]) {
      assert.equal(readApiKey(wrong), null)
    }
  })
})

describe('the addresses of an API key', () => {
  it('are networks of IPv4 and IPv6, however an address is written', () => {
    const isAllowed = addressCheck(['203.0.113.0/24', '198.51.100.7', '2001:db8:1::/48', '::1'])
    const inside = ['203.0.113.0', '203.0.113.255', '198.51.100.7', '::ffff:203.0.113.9', '2001:DB8:1:2::3', '::1']
    for (const ip of inside) assert.equal(isAllowed(ip), true, ip)
    const outside = ['203.0.114.0', '198.51.100.8', '2001:db8:2::1', '::2', '::ffff:198.51.100.8', '', 'unix', null]
    for (const ip of outside) assert.equal(isAllowed(ip), false, String(ip))
    assert.equal(addressCheck(['0.0.0.0/0'])('8.8.8.8'), true)
    assert.equal(addressCheck(['0.0.0.0/0'])('2001:db8::1'), false)
    assert.equal(addressCheck(['203.0.113.77/24'])('203.0.113.1'), true)
  })

  it('are anywhere if there are none', () => {
    for (const ip of ['8.8.8.8', '2001:db8::1', null]) assert.equal(addressCheck([])(ip), true)
  })
})

describe('the scopes of an API key', () => {
  const key = (...scopes: string[]) => ({ apiKey: { id: newId(), scopes } })
  const codeFor = (scopes: string[], app: string | undefined, method: string) =>
    scopeRefusal(key(...scopes), { app, method })?.message ?? null

  it('let read by GET and HEAD, and write by all else', () => {
    for (const method of ['GET', 'HEAD']) assert.equal(codeFor(['clients:read'], 'clients', method), null)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal(codeFor(['clients:read'], 'clients', method), 'The API key lacks the scope clients:write.')
      assert.equal(codeFor(['clients:write'], 'clients', method), null)
    }
    assert.equal(codeFor(['clients:write'], 'clients', 'GET'), 'The API key lacks the scope clients:read.')
    assert.equal(codeFor(['clients:read'], 'invoices', 'GET'), 'The API key lacks the scope invoices:read.')
  })

  it('open nothing of people and businesses, nor what belongs to no app, even if it were granted', () => {
    for (const app of ['account', 'business', undefined]) {
      assert.equal(codeFor([`${app}:read`], app, 'GET'), 'API keys cannot be used here.')
    }
    assert.equal(scopeRefusal({ apiKey: null }, { app: 'account', method: 'POST' }), null)
  })

  it('are those of apps that are served', () => {
    assert.deepEqual(scopeProblems(['clients:read', 'clients:write'], ['clients', 'tasks']), [])
    assert.deepEqual(scopeProblems(['account:read', 'x:write'], ['clients']), [
      '"account:read" cannot be granted. Apps that keys may be for: clients.',
      '"x:write" cannot be granted. Apps that keys may be for: clients.',
    ])
  })
})
