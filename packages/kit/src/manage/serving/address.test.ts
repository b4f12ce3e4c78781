import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressUrl, parseAddress } from './address.ts'

const SETTINGS = { host: '127.0.0.1', port: 8000 }

describe('the address of runserver', () => {
  test('a port alone keeps the host of the settings', () => {
    assert.deepEqual(parseAddress('9000', SETTINGS), { host: '127.0.0.1', port: 9000 })
    assert.deepEqual(parseAddress(':9000', SETTINGS), { host: '127.0.0.1', port: 9000 })
  })

  test('a host may be a name, an IPv4 or an IPv6 address', () => {
    assert.deepEqual(parseAddress('0.0.0.0:80', SETTINGS), { host: '0.0.0.0', port: 80 })
    assert.deepEqual(parseAddress('localhost:80', SETTINGS), { host: 'localhost', port: 80 })
    assert.deepEqual(parseAddress('[::1]:80', SETTINGS), { host: '::1', port: 80 })
    assert.equal(addressUrl({ host: '::1', port: 80 }), 'http://[::1]:80/')
  })

  test('anything else is refused in the words of Django', () => {
    for (const text of ['abc', '70000', '1.2.3.4', 'localhost:', '::1:80', '80 80']) {
      assert.throws(() => parseAddress(text, SETTINGS), {
        name: 'CommandError',
        message: `"${text}" is not a valid port number or address:port pair.`,
      })
    }
  })
})
