import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress } from './index.ts'
import { refuses, takes } from './test-kinds.ts'

test('an address is kept in its shortest form', () => {
  takes(ipAddress(), [
    ['192.0.2.1', '192.0.2.1'],
    [' 10.0.0.255 ', '10.0.0.255'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['0:0:0:0:0:ffff:c000:201', '::ffff:192.0.2.1'],
    ['::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
  ])
})

test('IPv4 within IPv6 can be unpacked', () => {
  takes(ipAddress({ unpackIpv4: true }), [
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:0:1', '0.0.0.1'],
    ['2001:db8::1', '2001:db8::1'],
  ])
  assert.throws(() => ipAddress({ protocol: 'IPv6', unpackIpv4: true }), /unpackIpv4 needs both protocols, got IPv6/)
})

test('what is no address, or one of the other protocol, is refused', () => {
  const wrong = ['', 'x', '1.2.3', '01.2.3.4', '1.2.3.256', '1.2.3.4/8', ':::', '1::2::3', 'fe80::1%eth0', '[::1]']
  refuses(ipAddress(), 'Enter a valid IPv4 or IPv6 address.', [...wrong, '::1\n::2', '१.2.3.4', 1, null, {}, ['::1']])
  refuses(ipAddress({ protocol: 'IPv4' }), 'Enter a valid IPv4 address.', ['::1', '::ffff:1.2.3.4', 'x'])
  refuses(ipAddress({ protocol: 'IPv6' }), 'Enter a valid IPv6 address.', ['1.2.3.4', 'x'])
})
