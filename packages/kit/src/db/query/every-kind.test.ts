import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { compileJsonCodec } from '../codec/index.ts'
import * as fields from '../fields/index.ts'
import { text } from '../fields/index.ts'
import { SAMPLE_FIELDS } from '../fields/test-fields.ts'
import { model } from '../models/index.ts'

const Sample = model('kinds.Sample', {
  scope: 'business',
  fields: Object.fromEntries(Object.entries(SAMPLE_FIELDS).map(([name, { field }]) => [name, field.optional()])),
})

test('no kind of field is forgotten here', () => {
  const known = Object.values(SAMPLE_FIELDS).map(({ field }) => field.kind.name)
  const kinds = Object.entries(fields).flatMap(([name, value]) => (makesField(name, value) ? [name] : []))
  assert.ok(kinds.length > 20)
  assert.deepEqual(known.sort(), kinds.sort())
})

const Word = model('kinds.Word', { scope: 'business', fields: { word: text({ max: 20, unique: true }) } })

/** Whether an export of the door is a function that makes a field of the kind of its name. */
function makesField(name: string, make: unknown): boolean {
  if (typeof make !== 'function') return false
  return [undefined, ['word'], { digits: 5, places: 2 }].some((argument) => {
    try {
      const made: unknown = Reflect.apply(make, null, [argument])
      return made instanceof fields.Field && made.kind.name === name
    } catch {
      return false
    }
  })
}

/** A row with a value for each kind. */
const rows = fc.array(
  fc.record(Object.fromEntries(Object.entries(SAMPLE_FIELDS).map(([name, { values }]) => [name, values]))),
  {
    minLength: 2,
    maxLength: 12,
  },
)

type Stored = Readonly<Record<string, unknown>>

describe('values of every kind', () => {
  const stages: ThrowawayStore[] = []
  before(async () => {
    for (const source of testStores([Sample, Word])) stages.push(await source.create())
  })
  after(async () => {
    for (const stage of stages) await stage.drop()
  })

  /** The rows as JSON text, straight from the database by the codec. */
  async function jsonOf({ database }: ThrowawayStore, business: string, name: string): Promise<string> {
    const { rows } = await database.within(business).execute({
      sql: `select t.${name} from kinds_sample t where t.business_id = '${business}' order by t.id`,
    })
    const kind = SAMPLE_FIELDS[name]?.field.kind
    assert.ok(kind)
    return compileJsonCodec([{ key: 'v', index: 0, kind, nullable: false }], database.dialect)(rows)
  }

  test('come back as they went in, byte by byte, and sort alike on every database', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const business = newId()
        const made = given
          .map((values) => ({ id: newId(), ...values }))
          .sort((one, other) => (one.id < other.id ? -1 : 1))
        const orders: Stored[] = []
        for (const stage of stages) orders.push(await ordersOf(stage, business, made))
        for (const order of orders) assert.deepEqual(order, orders[0])
      }),
      { numRuns: 12 },
    )
  })

  test('texts are equal and sort by their code points alone, under a unique key as in a filter', async () => {
    const near = [
      'acme',
      'Acme',
      'ACME',
      'acmé',
      'acme\u0301',
      'ａｃｍｅ',
      'acme-',
      'ac me',
      'ac\u00adme',
      'æ',
      'ae',
      'ß',
      'ss',
    ]
    const wide = ['ı', 'i', 'İ', 'Z', 'a', '\uffff', '😀', '😃', '\u{10ffff}', '٣', '3', '漢', '汉', 'か', 'カ', 'が']
    const texts = [...near, ...wide]
    const byCodePoint = texts.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    for (const stage of stages) {
      const query = stage.context(newId()).query(Word)
      await query.bulkCreate(texts.map((word) => ({ word })))
      const sorted = await query.orderBy('word').all()
      assert.deepEqual(
        sorted.map(({ word }) => word),
        byCodePoint,
        stage.database.dialect,
      )
      for (const word of texts)
        assert.equal(await query.filter({ word }).count(), 1, `${word} on ${stage.database.dialect}`)
    }
  })

  /** Stores rows, checks all that is read back, and gives the order by each field. */
  async function ordersOf(stage: ThrowawayStore, business: string, made: readonly Stored[]): Promise<Stored> {
    const query = stage.context(business).query(Sample)
    const { dialect } = stage.database
    // as: the names of the fields are not known to the compiler here
    await query.bulkCreate(made as never)
    const read: readonly Stored[] = await query.orderBy('id').all()
    const orders: Record<string, unknown> = {}
    for (const [
      name,
      {
        field: { kind },
      },
    ] of Object.entries(SAMPLE_FIELDS)) {
      const values = made.map((row) => row[name])
      const wire = await jsonOf(stage, business, name)
      assert.deepEqual(
        JSON.parse(`[${wire}]`),
        values.map((v) => ({ v })),
        `${name} on ${dialect}`,
      )
      if (kind.name !== 'json')
        assert.equal(wire, values.map((v) => JSON.stringify({ v })).join(), `${name} on ${dialect}`)
      assert.deepEqual(
        read.map((row) => row[name]),
        values.map((value) => objectForm(kind, value)),
        `${name} on ${dialect}`,
      )
      if (kind.name === 'json') continue
      const isOrdered = !kind.lookups.includes('overlap')
      if (isOrdered) orders[name] = (await query.orderBy(name as never, 'id').all()).map((row: Stored) => row.id)
      const sample = values[0]
      const found = await query
        .filter({ [name]: sample } as never)
        .orderBy('id')
        .all()
      const equal = made.filter((row) => JSON.stringify(row[name]) === JSON.stringify(sample)).map(({ id }) => id)
      assert.deepEqual(
        found.map((row: Stored) => row.id),
        equal,
        `${name} = ${JSON.stringify(sample)} on ${dialect}`,
      )
    }
    return orders
  }
})

/** What code reads where JSON has this value. */
function objectForm(kind: fields.AnyFieldKind, value: unknown): unknown {
  if (kind.name === 'datetime') return new Date(String(value))
  return kind.name === 'bigInteger' || kind.name === 'positiveBigInteger' ? BigInt(String(value)) : value
}
