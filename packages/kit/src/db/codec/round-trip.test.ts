import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Database } from '../dialects/index.ts'
import { testDatabases } from '../dialects/throwaway-database.ts'
import {
  bigInteger,
  boolean,
  date,
  datetime,
  decimal,
  type Field,
  float,
  integer,
  json,
  longText,
  text,
  time,
  uuid,
} from '../fields/index.ts'
import { compileJsonCodec } from './json-codec.ts'

/** Each kind with values that it takes, and the JSON that every database must give back for them. */
const KINDS: Readonly<
  Record<
    string,
    { readonly field: Field; readonly values: fc.Arbitrary<unknown>; readonly json?: (value: never) => unknown }
  >
> = {
  text: { field: text({ max: 100, blank: true }), values: unicode(40) },
  long_text: { field: longText({ blank: true }), values: unicode(300) },
  integer: { field: integer(), values: fc.integer() },
  big_integer: {
    field: bigInteger(),
    values: fc.oneof(
      fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    ),
    json: (value: bigint) => String(value),
  },
  decimal: {
    field: decimal({ digits: 15, places: 4 }),
    values: fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).map(fourPlaces),
  },
  float: {
    field: float(),
    values: fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 })
      .filter((value) => value === 0 || Math.abs(value) > 1e-300)
      .map((value) => value + 0),
  },
  boolean: { field: boolean(), values: fc.boolean() },
  date: { field: date(), values: moments().map((moment) => moment.toISOString().slice(0, 10)) },
  time: {
    field: time(),
    values: fc.integer({ min: 0, max: 86_399_999 }).map((ms) => trimmed(new Date(ms).toISOString().slice(11, -1))),
  },
  datetime: { field: datetime(), values: moments().map((moment) => `${trimmed(moment.toISOString().slice(0, -1))}Z`) },
  json: { field: json(), values: fc.jsonValue({ maxDepth: 3 }).map(storable) },
  uuid: { field: uuid(), values: fc.uuid() },
}

function unicode(maxLength: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'grapheme', maxLength })
    .map((value) => value.replaceAll('\0', '').trim())
    .filter((value) => [...value].length <= 100)
}

function moments(): fc.Arbitrary<Date> {
  return fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
}

function fourPlaces(scaled: number): string {
  const digits = String(Math.abs(scaled)).padStart(5, '0')
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

const trimmed = (value: string): string =>
  value.replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') || value.includes('.') ? '' : zeros))

/** With the numbers that the kind takes; jsonb does not tell -0 from 0. */
function storable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, item) =>
    typeof item === 'number' && (Math.abs(item) < 1e-40 || Math.abs(item) > 1e40) ? 0 : item,
  )
}

for (const source of testDatabases()) {
  describe(`values on ${source.name}`, () => {
    let database: Database
    let drop: () => Promise<void>
    before(async () => {
      ;({ database, drop } = await source.create())
      const columns = Object.entries(KINDS).map(
        ([name, { field }]) => `v_${name} ${field.kind.columnType(database.dialect)}`,
      )
      await database.execute({ sql: `create table sample (id integer, ${columns.join(', ')})` })
    })
    after(() => drop())

    for (const [name, { field, values, json: expected = (value: unknown) => value }] of Object.entries(KINDS)) {
      test(`${name} comes back as it went in`, async () => {
        const { dialect } = database
        const codec = compileJsonCodec([{ key: 'v', index: 0, kind: field.kind, nullable: true }], dialect)
        await fc.assert(
          fc.asyncProperty(values, async (value) => {
            const stored = field.kind.encode(field.kind.parse(value), dialect)
            await database.execute({ sql: 'delete from sample', name: 'empty_sample' })
            const place = dialect === 'postgresql' ? '$1' : '?'
            await database.execute(
              { sql: `insert into sample (v_${name}) values (${place})`, name: `insert_${name}` },
              [stored],
            )
            const { rows } = await database.execute({ sql: `select v_${name} from sample`, name: `select_${name}` })
            assert.deepEqual(JSON.parse(codec(rows)), { v: expected(value as never) })
          }),
          { numRuns: 40, examples: [] },
        )
      })
    }
  })
}
