import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './network-of.ts'

test('an IPv4 address is counted by itself, however it is written', () => {
  for (const written of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1']) {
    assert.equal(networkOf(written), '192.0.2.1')
  }
})

test('an IPv6 address is counted with its /64', () => {
  for (const written of ['2001:db8::1', '2001:DB8:0:0:ffff::', '2001:db8::aaaa:0:0:1', '2001:db8::1%eth0']) {
    assert.equal(networkOf(written), '2001:db8:0:0::/64')
  }
  assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8::1'))
  assert.equal(networkOf('::1'), '0:0:0:0::/64')
  assert.equal(networkOf('fe80::1:2:3:4%1'), 'fe80:0:0:0::/64')
})

test('what is no address is counted as it is', () => {
  for (const odd of ['', 'unix:', '1.2.3', '::ffff:1.2.3.4.5', ':::']) assert.equal(networkOf(odd), odd)
})
