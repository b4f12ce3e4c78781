import {
  bigInteger,
  boolean,
  choice,
  date,
  datetime,
  decimal,
  duration,
  email,
  type Field,
  float,
  integer,
  ipAddress,
  json,
  longText,
  multiChoice,
  phone,
  positiveInteger,
  slug,
  smallInteger,
  text,
  time,
  url,
  uuid,
} from '../../fields/index.ts'

/** A kind of field with a default for rows that are there, and a value for each row that a test makes. */
export interface RandomKind {
  make(options: { readonly renamedFrom?: string }): Field
  readonly fallback: string | number | boolean | readonly string[]
  sample(row: number): unknown
}

const digits = (row: number): string => String(row).padStart(2, '0')

/** Every kind, some in two widths, so that a field can grow. */
export const KINDS: Readonly<Record<string, RandomKind>> = {
  text: { make: (o) => text({ max: 40, ...o }), fallback: 'none', sample: (row) => `Söhne ${row} 😀` },
  wideText: { make: (o) => text({ max: 90, ...o }), fallback: 'none', sample: (row) => `O'Brien \\ ${row}` },
  longText: { make: (o) => longText(o), fallback: 'a', sample: (row) => `line ${row}\nline` },
  integer: { make: (o) => integer(o), fallback: 7, sample: (row) => -row },
  bigInteger: { make: (o) => bigInteger(o), fallback: '9', sample: (row) => `${row}0000` },
  small: { make: (o) => smallInteger(o), fallback: 3, sample: (row) => row },
  positive: { make: (o) => positiveInteger(o), fallback: 4, sample: (row) => row },
  decimal: { make: (o) => decimal({ digits: 9, places: 2, ...o }), fallback: '1.50', sample: (row) => `${row}.25` },
  wideDecimal: { make: (o) => decimal({ digits: 14, places: 2, ...o }), fallback: '0', sample: (row) => `-${row}.75` },
  float: { make: (o) => float(o), fallback: 0.5, sample: (row) => row / 4 },
  boolean: { make: (o) => boolean(o), fallback: true, sample: (row) => row % 2 === 0 },
  date: { make: (o) => date(o), fallback: '2026-01-31', sample: (row) => `2025-02-${digits(row)}` },
  time: { make: (o) => time(o), fallback: '09:30:00', sample: (row) => `10:00:${digits(row)}` },
  datetime: {
    make: (o) => datetime(o),
    fallback: '2026-01-31T00:00:00Z',
    sample: (row) => `2024-02-29T10:00:${digits(row)}Z`,
  },
  uuid: {
    make: (o) => uuid(o),
    fallback: '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d00',
    sample: (row) => `0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d${digits(row)}`,
  },
  json: { make: (o) => json(o), fallback: ['new'], sample: (row) => ({ row, deep: ['ä', null] }) },
  email: { make: (o) => email(o), fallback: 'a@example.com', sample: (row) => `row${row}@example.com` },
  phone: { make: (o) => phone(o), fallback: '+97317000000', sample: (row) => `+973170000${digits(row)}` },
  url: { make: (o) => url(o), fallback: 'https://example.com/', sample: (row) => `https://example.com/${row}` },
  slug: { make: (o) => slug(o), fallback: 'slug', sample: (row) => `slug-${row}` },
  choice: { make: (o) => choice(['a', 'b', 'longer'], o), fallback: 'a', sample: () => 'longer' },
  several: { make: (o) => multiChoice(['a', 'b'], o), fallback: ['a'], sample: () => ['a', 'b'] },
  duration: { make: (o) => duration(o), fallback: 'PT1H', sample: (row) => `PT${row}M` },
  address: { make: (o) => ipAddress(o), fallback: '10.0.0.1', sample: (row) => `10.0.0.${row}` },
}

export const KIND_NAMES = Object.keys(KINDS)

/** Kinds whose columns can become each other's, with the values that there are. */
export const GROWTH: Readonly<Record<string, string>> = {
  text: 'wideText',
  wideText: 'text',
  integer: 'bigInteger',
  bigInteger: 'integer',
  small: 'integer',
  decimal: 'wideDecimal',
  wideDecimal: 'decimal',
}

/** Kinds that a field is computed from. */
export const NUMBERS: readonly string[] = ['integer', 'bigInteger', 'small', 'positive']

/** Kinds of text that an expression folds and a condition excludes. */
export const TEXTS: readonly string[] = ['text', 'wideText', 'slug']

/** Kinds that PostgreSQL looks into by GIN. */
export const CONTAINERS: readonly string[] = ['json', 'several']

/** What fits into a key of every database, and can be sorted by. */
export const isShort = (kind: string): boolean => !['longText', 'url', 'email', ...CONTAINERS].includes(kind)

export const kindAt = (pick: number): string => KIND_NAMES[pick % KIND_NAMES.length] ?? 'text'
