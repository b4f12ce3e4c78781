import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addExact, exactText, readExact, shareOf, timesExact, withPlaces } from './exact-number.ts'

const read = (text: string) => {
  const number = readExact(text)
  assert.ok(number, text)
  return number
}

test('a number is read as it is written', () => {
  assert.equal(exactText(read('12.50')), '12.50')
  assert.equal(exactText(read('-.5')), '-0.5')
  assert.equal(exactText(read('1e-7')), '0.0000001')
  assert.equal(exactText(read('1.5e21')), '1500000000000000000000')
  assert.equal(readExact('x'), null)
  assert.equal(readExact('.'), null)
})

test('halves are rounded away from zero', () => {
  const rounded = (text: string) => exactText(withPlaces(read(text), 2))
  assert.deepEqual(['1.005', '-1.005', '1.0049', '2'].map(rounded), ['1.01', '-1.01', '1.00', '2.00'])
})

test('sums and products keep every digit', () => {
  assert.equal(exactText(addExact(read('0.1'), read('0.20'))), '0.30')
  assert.equal(exactText(timesExact(read('1.15'), read('1.1'))), '1.265')
})

test('a share is rounded to its places', () => {
  assert.equal(exactText(shareOf(read('10.00'), 3n, 6)), '3.333333')
  assert.equal(exactText(shareOf(read('-0.05'), 2n, 2)), '-0.03')
  assert.equal(exactText(shareOf(read('20'), 3n, 0)), '7')
})
