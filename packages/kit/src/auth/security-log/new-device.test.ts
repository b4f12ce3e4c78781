import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deviceName } from './device-name.ts'
import { networkOf } from './new-device.ts'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0'

it('a device is called by its browser and system, whatever their versions', () => {
  assert.equal(deviceName(FIREFOX), 'Firefox on Windows')
  assert.equal(deviceName(FIREFOX.replaceAll('130.0', '131.0')), 'Firefox on Windows')
  assert.equal(deviceName(null), null)
  assert.equal(deviceName('  '), null)
})

it('a network is what a provider has: two parts of an address', () => {
  assert.equal(networkOf('203.0.113.7'), '203.0')
  assert.equal(networkOf('::ffff:203.0.113.7'), '203.0')
  assert.equal(networkOf('2001:DB8:1:2::3'), '2001:db8')
  assert.equal(networkOf('::1'), '0:0')
  assert.equal(networkOf('what'), null)
  assert.equal(networkOf(null), null)
})
