import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isOurPage } from './relying-party.ts'

const site = { origins: ['https://app.example.com', 'https://*.shop.example.com', 'http://localhost:*'] }

it('pages of the origins that are named may use passkeys', () => {
  for (const origin of ['https://app.example.com', 'https://a.shop.example.com', 'https://a.b.shop.example.com']) {
    assert.equal(isOurPage(site, origin), true, origin)
  }
  for (const origin of ['http://localhost', 'http://localhost:5173'])
    assert.equal(isOurPage(site, origin), true, origin)
})

it('pages of all others may not', () => {
  const others = [
    'https://shop.example.com',
    'https://evilshop.example.com',
    'http://a.shop.example.com',
    'https://a.shop.example.com:8443',
    'https://a.shop.example.com.evil.test',
    'https://evil.test/.shop.example.com',
    'https://evil.test#.shop.example.com',
    'https://user@a.shop.example.com',
    'https://A.shop.example.com',
    'https://app.example.com:443',
    'https://app.example.com.',
    'https://localhost:5173',
    'http://a.localhost:5173',
    'http://localhost:*',
    'null',
    '',
    'file://',
  ]
  for (const origin of others) assert.equal(isOurPage(site, origin), false, origin)
})
