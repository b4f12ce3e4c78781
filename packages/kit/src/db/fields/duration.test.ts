import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { duration, durationMicroseconds, durationText } from './index.ts'
import { refuses, takes } from './test-kinds.ts'

test('a duration is taken in the forms of Django and in ISO 8601, and kept in the form of DRF', () => {
  takes(duration(), [
    ['1 02:03:04.5', '1 02:03:04.500000'],
    ['1 day, 02:03:04', '1 02:03:04'],
    ['3 days 00:00:00', '3 00:00:00'],
    ['15:30', '00:15:30'],
    ['90', '00:01:30'],
    [90, '00:01:30'],
    [1.5, '00:00:01.500000'],
    [' 25:00:00 ', '1 01:00:00'],
    ['-00:00:01', '-1 23:59:59'],
    ['-1 23:59:59', '-1 23:59:59'],
    ['-1 00:00:00', '-1 00:00:00'],
    [-1, '-1 23:59:59'],
    ['P1DT2H3M4.5S', '1 02:03:04.500000'],
    ['-PT1H', '-1 23:00:00'],
    ['PT1.5H', '01:30:00'],
    ['P0.5D', '12:00:00'],
    ['0', '00:00:00'],
    ['106751991 04:00:54.775807', '106751991 04:00:54.775807'],
  ])
})

test('a duration that is written otherwise is refused', () => {
  const format = 'Duration has wrong format. Use one of these formats instead: [DD] [HH:[MM:]]ss[.uuuuuu].'
  const wrong = [
    '',
    'x',
    '1:2:3:4',
    'P',
    'PT',
    'P1Y',
    'P1M',
    'P1W',
    '1.1234567',
    'PT0.0000001S',
    '1 -1 00:00',
    '9'.repeat(99),
  ]
  refuses(duration(), format, [...wrong, true, null, {}, ['1'], Number.NaN, Number.POSITIVE_INFINITY, 1e21])
  const range = 'The number of days must be between -106751991 and 106751991.'
  refuses(duration(), range, ['106751992 00:00:00', '-106751993 00:00:00', 'P999999999D'])
})

test('a duration has bounds', () => {
  const shift = duration({ min: '00:30:00', max: 'PT12H' })
  refuses(shift, 'Ensure this value is greater than or equal to 00:30:00.', ['29:59.999999', '-1'])
  refuses(shift, 'Ensure this value is less than or equal to 12:00:00.', ['12:00:00.000001'])
  assert.throws(() => duration({ max: 'soon' }), /Cannot declare duration\(\): max is no duration, got soon/)
})

test('every number of microseconds has one text, and the text leads back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (microseconds) => {
      const text = durationText(microseconds)
      assert.equal(durationMicroseconds(text), microseconds)
      assert.equal(duration().kind.parse(text), text)
    }),
  )
})
