import fc from 'fast-check'
import {
  bigInteger,
  boolean,
  choice,
  currency,
  date,
  datetime,
  decimal,
  duration,
  durationText,
  email,
  type Field,
  file,
  float,
  image,
  integer,
  ipAddress,
  json,
  longText,
  modelLabel,
  multiChoice,
  phone,
  positiveBigInteger,
  positiveInteger,
  positiveSmallInteger,
  slug,
  smallInteger,
  text,
  time,
  url,
  uuid,
} from './index.ts'

/** A field of some kind with values that it takes. */
export interface SampleField {
  readonly field: Field
  /** In the form that JSON shows, which every field takes. */
  readonly values: fc.Arbitrary<unknown>
}

/** A field of each kind but the foreign key, under its name in snake_case. What goes over every kind goes over these. */
export const SAMPLE_FIELDS: Readonly<Record<string, SampleField>> = {
  text: { field: text({ max: 100, blank: true }), values: unicode(40) },
  long_text: { field: longText({ blank: true }), values: unicode(300) },
  email: { field: email(), values: words('a.b+c', 'Z').map((word) => `${word}@acme.test`) },
  url: { field: url(), values: unicode(20).map((tail) => `https://acme.test/?q=${encodeURIComponent(tail)}`) },
  phone: { field: phone(), values: fc.integer({ min: 100, max: 999_999_999 }).map((digits) => `+${digits}`) },
  slug: { field: slug(), values: words('a-b', 'Z_9') },
  model_label: { field: modelLabel(), values: words('shop.Order', 'clients.Client') },
  uuid: { field: uuid(), values: fc.uuid() },
  integer: { field: integer(), values: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
  positive_integer: { field: positiveInteger(), values: fc.integer({ min: 0, max: 2 ** 31 - 1 }) },
  small_integer: { field: smallInteger(), values: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }) },
  positive_small_integer: { field: positiveSmallInteger(), values: fc.integer({ min: 0, max: 2 ** 15 - 1 }) },
  big_integer: { field: bigInteger(), values: bigTexts(-(2n ** 63n)) },
  positive_big_integer: { field: positiveBigInteger(), values: bigTexts(0n) },
  decimal: { field: decimal({ digits: 15, places: 4 }), values: decimals() },
  float: { field: float(), values: floats() },
  boolean: { field: boolean(), values: fc.boolean() },
  date: { field: date(), values: moments().map((moment) => moment.slice(0, 10)) },
  time: { field: time(), values: moments().map((moment) => moment.slice(11, -1)) },
  datetime: { field: datetime(), values: moments() },
  duration: {
    field: duration(),
    values: fc
      .oneof(
        fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.constantFrom(-(2n ** 63n) + 1n, 2n ** 63n - 1n, 0n, -1n),
      )
      .map(durationText),
  },
  json: { field: json(), values: fc.jsonValue({ maxDepth: 3 }).map(storable) },
  choice: { field: choice(['lead', 'active', "won't say 😀"]), values: fc.constantFrom('lead', "won't say 😀") },
  multi_choice: {
    field: multiChoice(['lead', 'active', 'x", ', 'Zoë 😀']),
    values: fc.uniqueArray(fc.constantFrom('lead', 'active', 'x", ', 'Zoë 😀')),
  },
  currency: { field: currency(), values: fc.constantFrom(...Intl.supportedValuesOf('currency')) },
  ip_address: {
    field: ipAddress(),
    values: fc.oneof(fc.ipV4(), fc.constantFrom('::', '::1', '2001:db8::1', '::ffff:192.0.2.1', '255.255.255.255')),
  },
  file: { field: file(), values: unicode(30).map((name) => `docs/${name.replaceAll(/[^\p{L}\p{Emoji}]/gu, '')}.pdf`) },
  image: { field: image(), values: fc.constantFrom('a.png', 'logos/Zoë 😀.JPEG', 'z/b.webp') },
}

/** Texts that every database can store, with characters of up to four bytes and more than one code point. */
function unicode(maxLength: number): fc.Arbitrary<string> {
  const any = fc.string({ unit: 'grapheme', maxLength }).map((value) => value.replaceAll('\0', '').trim())
  const edges = fc.constantFrom(
    '',
    'ｚ',
    '\u{10ffff}',
    '\uffff',
    '😀',
    'é',
    'e\u0301',
    'E',
    'ß',
    'SS',
    'ı',
    "'; --",
    '\\',
    'a b',
    'a  b',
  )
  return fc.oneof({ weight: 3, arbitrary: any }, edges).filter((value) => [...value].length <= 100)
}

/** Words that differ in case, and in signs that collations pass over. */
function words(...parts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom('a', 'A', 'b', 'B', '1', ...parts), { minLength: 1, maxLength: 6 })
    .map((some) => some.join(''))
}

function bigTexts(min: bigint): fc.Arbitrary<string> {
  return fc
    .oneof(fc.bigInt({ min, max: 2n ** 63n - 1n }), fc.constantFrom(min, 2n ** 63n - 1n, 2n ** 53n, 2n ** 53n + 1n))
    .map(String)
}

function decimals(): fc.Arbitrary<string> {
  const most = 999_999_999_999_999
  return fc.oneof(fc.integer({ min: -most, max: most }), fc.constantFrom(most, -most, 0, 1, -1)).map((scaled) => {
    const digits = String(Math.abs(scaled)).padStart(5, '0')
    return `${scaled < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
  })
}

function floats(): fc.Arbitrary<number> {
  return fc
    .oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
      fc.constantFrom(0.1, 0.1 + 0.2, 1.7976931348623157e308, 2.2250738585072014e-308, 1 / 3, 2 ** 53),
    )
    .filter((value) => value === 0 || Math.abs(value) >= 2.2250738585072014e-308)
    .map((value) => value + 0)
}

/** Moments of the years 1 to 9999 in UTC, to the microsecond, with as many places as they need. */
function moments(): fc.Arbitrary<string> {
  const [min, max] = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59.999Z')]
  const any = fc
    .tuple(fc.date({ min, max, noInvalidDate: true }), fc.integer({ min: 0, max: 999_999 }))
    .map(([moment, fraction]) => `${moment.toISOString().slice(0, 19)}${places(fraction)}Z`)
  return fc.oneof(any, fc.constantFrom('0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '2024-02-29T12:00:00.5Z'))
}

const places = (microseconds: number): string =>
  microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0').replace(/0+$/, '')}`

/** With the numbers that the kind takes; jsonb does not tell -0 from 0. */
function storable(value: unknown): unknown {
  const kept: unknown = JSON.parse(JSON.stringify(value).replaceAll('\\u0000', ''), (_key, item) =>
    typeof item === 'number' && (Math.abs(item) < 1e-40 || Math.abs(item) > 1e40) ? 0 : item,
  )
  return kept ?? []
}
