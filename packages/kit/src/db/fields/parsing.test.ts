import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  bigInteger,
  boolean,
  choice,
  date,
  datetime,
  decimal,
  email,
  float,
  integer,
  json,
  longText,
  phone,
  slug,
  text,
  time,
  url,
  uuid,
} from './index.ts'
import { messagesOf, refuses, takes } from './test-kinds.ts'

describe('text', () => {
  test('takes texts and numbers, and cuts white space at the ends', () => {
    takes(text(), [
      ['Acme', 'Acme'],
      ['  Acme ', 'Acme'],
      [42, '42'],
      ['😀', '😀'],
    ])
  })
  test('counts characters, not code units', () => {
    takes(text({ max: 2 }), [['😀😀', '😀😀']])
    refuses(text({ max: 2 }), 'Ensure this field has no more than 2 characters.', ['abc', '😀😀😀'])
    refuses(text({ min: 3 }), 'Ensure this field has at least 3 characters.', ['ab', '😀😀'])
  })
  test('refuses what is no text', () => {
    refuses(text(), 'Not a valid string.', [true, {}, ['a'], Number.POSITIVE_INFINITY, Number.NaN])
    refuses(text(), 'This field may not be blank.', ['', '   '])
  })
  test('takes the empty text where blank is allowed', () => takes(text({ blank: true }), [['', '']]))
  test('refuses what a database cannot store', () => {
    refuses(text(), 'Null characters are not allowed.', ['a\0b'])
    refuses(text(), 'Surrogate characters are not allowed: U+D800.', ['a\ud800'])
    refuses(text(), 'Surrogate characters are not allowed: U+DC00.', ['\udc00b'])
  })
  test('keeps white space in long texts, up to their length', () => {
    takes(longText(), [[' a\n', ' a\n']])
    refuses(longText(), 'Ensure this field has no more than 100000 characters.', ['x'.repeat(100_001)])
  })
  test('is declared with a sane length', () => {
    assert.throws(() => text({ max: 0 }), /max must be a whole number from 1 to 16000, got 0/)
  })
})

test('an e-mail address is checked as Django does, and its domain is kept in lower case', () => {
  takes(email(), [
    ['A.b+c@ACME.test', 'A.b+c@acme.test'],
    ['"a b"@acme.test', '"a b"@acme.test'],
    ['a@[127.0.0.1]', 'a@[127.0.0.1]'],
  ])
  const bad = [
    'a',
    'a@',
    '@b.co',
    'a@b',
    'a b@c.de',
    'a@-b.co',
    'a@b..co',
    'a@b.c',
    'a@b.123',
    `${'x'.repeat(65)}@b.co`,
    'a\n@b.co',
  ]
  refuses(email(), 'Enter a valid email address.', bad)
})

test('a web address needs http or https and a host', () => {
  takes(url(), [
    ['https://acme.example/a?b=c#d', 'https://acme.example/a?b=c#d'],
    ['http://localhost:8000', 'http://localhost:8000'],
  ])
  refuses(url(), 'Enter a valid URL.', [
    'acme.example',
    'ftp://a.b',
    'javascript:alert(1)',
    'http://',
    'http://a b.co',
    'https://acme',
  ])
})

test('a telephone number is kept as its digits', () => {
  takes(phone(), [
    ['+973 1700-0000', '+97317000000'],
    ['(02) 555.1234', '025551234'],
  ])
  refuses(phone(), 'Enter a valid phone number.', ['12', 'abc', '+', '1234567890123456', '123+456'])
})

test('a slug is letters, digits, underscores and hyphens', () => {
  takes(slug(), [['acme-Trading_1', 'acme-Trading_1']])
  const message = 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.'
  refuses(slug(), message, ['a b', 'ä', 'a/b'])
})

test('a UUID is kept in lower case with hyphens', () => {
  const id = '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47'
  takes(uuid(), [
    [id, id],
    [id.toUpperCase(), id],
    [id.replaceAll('-', ''), id],
  ])
  refuses(uuid(), 'Must be a valid UUID.', ['', 'x', `${id}0`, 1, null, `{${id}}`])
})

describe('numbers', () => {
  test('a whole number may be written as text, and with a point and zeros', () => {
    takes(integer(), [
      [5, 5],
      ['5', 5],
      ['5.0', 5],
      [' -7 ', -7],
      [-0, 0],
      ['-0', 0],
    ])
    refuses(integer(), 'A valid integer is required.', ['', '1.5', 1.5, true, 'x', '1e3', Number.NaN, {}])
  })
  test('a whole number has 32 bits, or the bounds it is given', () => {
    refuses(integer(), 'Ensure this value is less than or equal to 2147483647.', [2147483648, '99999999999999999999'])
    refuses(integer({ min: 1 }), 'Ensure this value is greater than or equal to 1.', [0])
    refuses(integer(), 'String value too large.', ['1'.repeat(1001)])
  })
  test('a big integer is exact over 64 bits', () => {
    takes(bigInteger(), [
      ['9223372036854775807', 9223372036854775807n],
      [-5, -5n],
      [7n, 7n],
    ])
    refuses(bigInteger(), 'Ensure this value is less than or equal to 9223372036854775807.', ['9223372036854775808'])
    refuses(bigInteger(), 'A valid integer is required.', [2 ** 60, '1.0', 'x', true])
  })
  test('a decimal is exact, with all its places', () => {
    const money = decimal({ digits: 6, places: 2 })
    takes(money, [
      ['1', '1.00'],
      [1.5, '1.50'],
      ['-0.00', '0.00'],
      ['.5', '0.50'],
      ['1e3', '1000.00'],
      ['1.10e-1', '0.11'],
      ['0009', '9.00'],
      ['-12.3', '-12.30'],
    ])
    refuses(money, 'Ensure that there are no more than 2 decimal places.', ['1.001'])
    refuses(money, 'Ensure that there are no more than 4 digits before the decimal point.', ['10000'])
    refuses(money, 'Ensure that there are no more than 6 digits in total.', ['1234567', '12345.67', '1e300'])
    refuses(money, 'A valid number is required.', ['', '.', 'x', 'NaN', 'Infinity', true, '1,5', '0x10'])
    refuses(decimal({ digits: 6, places: 2, min: 0 }), 'Ensure this value is greater than or equal to 0.', ['-0.01'])
  })
  test('a decimal of more digits than SQLite keeps cannot be declared', () => {
    assert.throws(() => decimal({ digits: 16, places: 2 }), /digits must be a whole number from 1 to 15, got 16/)
    assert.throws(() => decimal({ digits: 5, places: 6 }), /places must be a whole number from 0 to 5, got 6/)
  })
  test('a float is finite', () => {
    takes(float(), [
      [1.5, 1.5],
      ['1e3', 1000],
      ['.5', 0.5],
      [-0, 0],
      [5e-324, 0],
    ])
    refuses(float(), 'A valid number is required.', [Number.POSITIVE_INFINITY, Number.NaN, 'x', '', true, '1e999'])
    refuses(float({ max: 1 }), 'Ensure this value is less than or equal to 1.', [1.1])
  })
})

test('a boolean is taken in the words of DRF', () => {
  takes(boolean(), [
    [true, true],
    ['on', true],
    ['Yes', true],
    [1, true],
    ['f', false],
    [0, false],
    ['OFF', false],
  ])
  refuses(boolean(), 'Must be a valid boolean.', ['', 'maybe', 2, {}, []])
})

test('a date is a day of the calendar', () => {
  takes(date(), [
    ['2024-02-29', '2024-02-29'],
    ['0001-01-01', '0001-01-01'],
    ['9999-12-31', '9999-12-31'],
  ])
  const wrong = 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.'
  refuses(date(), wrong, ['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-10', '0000-01-01', '24-1-1', 20240101, ''])
  refuses(date(), 'Expected a date but got a datetime.', ['2024-01-01T00:00:00Z'])
})

test('a time of day keeps microseconds and drops zeros that say nothing', () => {
  takes(time(), [
    ['09:30', '09:30:00'],
    ['23:59:59.999999', '23:59:59.999999'],
    ['10:00:00.500', '10:00:00.5'],
  ])
  const wrong = 'Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].'
  refuses(time(), wrong, ['24:00', '9:30', '10:60', '10:00:00.1234567', '10:00Z', 930])
})

describe('a moment', () => {
  test('is kept in UTC to the microsecond', () => {
    takes(datetime(), [
      ['2026-01-31T12:30:00+03:00', '2026-01-31 09:30:00'],
      ['2026-01-31T09:30:00.123456Z', '2026-01-31 09:30:00.123456'],
      ['2026-01-31T09:30:00.100Z', '2026-01-31 09:30:00.1'],
      ['2026-01-31 09:30Z', '2026-01-31 09:30:00'],
      [new Date('2026-01-31T09:30:00.120Z'), '2026-01-31 09:30:00.12'],
      ['0001-01-01T00:00:00Z', '0001-01-01 00:00:00'],
      ['9999-12-31T23:59:59.999999Z', '9999-12-31 23:59:59.999999'],
    ])
  })
  test('must say its zone', () => {
    refuses(datetime(), 'Datetime needs a time zone: end it with Z or with an offset such as +03:00.', [
      '2026-01-31T09:30:00',
    ])
  })
  test('is refused if it is none or out of range', () => {
    refuses(datetime(), 'Expected a datetime but got a date.', ['2026-01-31'])
    refuses(datetime(), 'Datetime value out of range.', [
      '0001-01-01T00:00:00+03:00',
      '9999-12-31T23:59:59-01:00',
      new Date(Number.NaN),
    ])
    const wrong =
      'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].'
    refuses(datetime(), wrong, ['2026-02-30T00:00:00Z', '2026-01-31T25:00:00Z', '2026-01-31T09:30:60Z', 'x', 5, {}])
  })
  test('may be taken from a query string in which + became a space', () => {
    assert.equal(datetime().kind.parseText('2026-01-31T12:30:00 03:00'), '2026-01-31 09:30:00')
    assert.equal(datetime().kind.parseText('2026-01-31'), '2026-01-31 00:00:00')
  })
})

describe('JSON', () => {
  test('takes any JSON value', () => {
    const value = { a: [1, 'x', null, { b: true }] }
    takes(json(), [
      [value, value],
      ['x', 'x'],
      [0, 0],
    ])
  })
  test('refuses texts that cannot be stored, wherever they stand', () => {
    refuses(json(), 'Null characters are not allowed.', ['\0', ['a\0'], { 'k\0': 1 }, { a: { b: ['\0'] } }])
    refuses(json(), 'Surrogate characters are not allowed: U+D83D.', [{ a: '\ud83d' }])
  })
  test('refuses what is no JSON', () => {
    refuses(json(), 'Out of range float values are not JSON compliant.', [[Number.POSITIVE_INFINITY], Number.NaN])
    refuses(json(), 'Value must be valid JSON.', [undefined, [1n], { a: new Date() }])
  })
  test('refuses what is too long', () => {
    const message = 'Ensure this value has no more than 100000 characters as JSON.'
    refuses(json(), message, ['x'.repeat(100_000), Array(60_000).fill(1)])
  })
  test('refuses deep nesting without recursion', () => {
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    assert.deepEqual(messagesOf(json().kind, deep), ['Value must not be nested more than 30 levels deep.'])
  })
  test('counts lists and objects alone as levels, empty ones too', () => {
    const nested = (levels: number, inner: string): unknown =>
      JSON.parse(`${'{"a":'.repeat(levels - 1)}${inner}${'}'.repeat(levels - 1)}`)
    takes(json(), [
      [nested(30, '[1]'), nested(30, '[1]')],
      [nested(30, '[]'), nested(30, '[]')],
    ])
    refuses(json(), 'Value must not be nested more than 30 levels deep.', [nested(31, '[]'), nested(31, '{}')])
  })
  test('bears an object of very many keys', () => {
    const wide = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, 0]))
    const some = wide(9000)
    assert.equal(json().kind.parse(some), some)
    refuses(json(), 'Ensure this value has no more than 100000 characters as JSON.', [wide(200_000)])
  })
  test('refuses numbers that a database would write out at length', () => {
    refuses(json(), 'Numbers must be 0 or from 1e-40 to 1e40 in size.', [[1e41], { a: -1e300 }, 1e-41])
    takes(json(), [
      [
        [1e40, -1e-40, 0],
        [1e40, -1e-40, 0],
      ],
    ])
  })
})

test('a choice is one of its words', () => {
  const status = choice(['lead', 'active'])
  takes(status, [['lead', 'lead']])
  refuses(status, '"LEAD" is not a valid choice.', ['LEAD'])
  refuses(status, '{"a":1} is not a valid choice.'.replace(/^/, '"').replace(' is', '" is'), [{ a: 1 }])
  assert.throws(() => choice([]), RangeError)
  assert.throws(() => choice(['a', 'a']), RangeError)
})

test('a default that the field would not take cannot be declared', () => {
  assert.throws(
    () => integer({ max: 3 }).default(4),
    /Cannot use 4 as the default of integer\(\): Ensure this value is less/,
  )
  assert.equal(integer().default(4).isRequired, false)
  assert.equal(text().optional().isRequired, false)
  assert.equal(text().isRequired, true)
})
