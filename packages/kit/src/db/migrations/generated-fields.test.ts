import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '../../base/index.ts'
import { bigInteger, decimal, type Field, integer, text } from '../fields/index.ts'
import { SAMPLE_FIELDS } from '../fields/test-fields.ts'
import { type AnyModel, model } from '../models/index.ts'
import { schemaDifferences } from './introspection/index.ts'
import { type Bench, onEachDatabase } from './test-project.ts'

const PRICE = decimal({ digits: 12, places: 2 })
const LABEL = text({ max: 80 }).generated({
  sqlite: `'{' || {code} || '}'`,
  postgresql: `'{' || {code} || '}'`,
  mysql: `concat('{', {code}, '}')`,
})
const total = (sql: string, stored = true): Field => decimal({ digits: 14, places: 2 }).generated(sql, { stored })

const line = (fields: Readonly<Record<string, Field>>, keys = {}): AnyModel =>
  model('sales.Line', { scope: 'business', fields, ...keys })

const FIRST = {
  code: text({ max: 40 }),
  quantity: integer(),
  price: PRICE,
  total: total('{quantity} * {price}'),
  label: LABEL,
}
const KEYS = { unique: [['label']], indexes: [['-total', 'code']] }

/** Makes and applies the migrations to a model, and looks that the tables are as it says. */
async function move({ project, database }: Bench, wanted: AnyModel): Promise<string[]> {
  const { lines } = await project.declare(wanted).make()
  await project.migrate(database)
  assert.deepEqual(await schemaDifferences(database, database.dialect, [wanted]), [])
  assert.deepEqual((await project.make()).lines, ['No changes detected'])
  return lines.filter((text) => text.includes(' field ')).map((text) => text.replace(/^[\s-]+/, ''))
}

const MOMENT = '2026-01-01 00:00:00'

async function insert({ run }: Bench): Promise<void> {
  await run(
    'insert into sales_line (business_id, id, code, quantity, price, created_at, updated_at) values (?, ?, ?, 3, 1.10, ?, ?)',
    [newId(), newId(), 'a{b}', MOMENT, MOMENT],
  )
}

onEachDatabase('fields that the database computes', (withBench) => {
  it(
    'follow the fields that they are computed from, through every change',
    withBench(async (bench) => {
      const values = async (): Promise<unknown> =>
        (await bench.run('select total + 0, label from sales_line')).map(([sum, label]) => [Number(sum), label])
      await move(bench, line(FIRST, KEYS))
      await insert(bench)
      assert.deepEqual(await values(), [[3.3, '{a{b}}']])

      const { quantity: _quantity, ...rest } = FIRST
      const renamed = { ...rest, pieces: integer(), total: total('{pieces} * {price}') }
      const options = `dependencies: [['sales', '0001_initial']], operations: [renameField('Line', 'quantity', 'pieces')]`
      await bench.project.write('sales', '0002_rename', { imports: ['renameField'], options })
      assert.deepEqual(await move(bench, line(renamed, KEYS)), [])
      assert.deepEqual(await values(), [[3.3, '{a{b}}']])

      const widened = { ...renamed, pieces: bigInteger() }
      const steps = ['Remove field total from line', 'Alter field pieces on line', 'Add field total to line']
      assert.deepEqual(await move(bench, line(widened, KEYS)), steps)
      assert.deepEqual(await values(), [[3.3, '{a{b}}']])

      const changed = { ...widened, total: total('{pieces} * {price} * 2', false) }
      assert.deepEqual(await move(bench, line(changed, KEYS)), [steps[0], steps[2]])
      assert.deepEqual(await values(), [[6.6, '{a{b}}']])

      const plain = { ...changed, total: PRICE.optional() }
      await move(bench, line(plain, KEYS))
      assert.deepEqual(await values(), [[0, '{a{b}}']])

      const { pieces: _pieces, total: _total, ...less } = changed
      await move(bench, line(less))
      // A field that needs a value comes back only into an empty table.
      await bench.run('delete from sales_line')
      await bench.project.migrate(bench.database, { target: { app: 'sales', name: '0001' } })
      assert.deepEqual(await schemaDifferences(bench.database, bench.database.dialect, [line(FIRST, KEYS)]), [])
    }),
  )

  it(
    'are added to a table with rows, with whatever they are computed from',
    withBench(async (bench) => {
      await move(bench, line({ code: FIRST.code, quantity: FIRST.quantity, price: PRICE }))
      await insert(bench)
      const bonus = {
        bonus: integer().default(4),
        gain: integer().generated('{bonus} * {quantity}', { stored: false }),
      }
      await move(bench, line({ gain: bonus.gain, ...FIRST, bonus: bonus.bonus }, KEYS))
      assert.deepEqual(
        (await bench.run('select gain + 0, label from sales_line')).map(([gain, label]) => [Number(gain), label]),
        [[12, '{a{b}}']],
      )
    }),
  )

  it(
    'stand beside a field of every kind',
    withBench(async (bench) => {
      const fields = Object.fromEntries(Object.entries(SAMPLE_FIELDS).map(([name, { field }]) => [name, field]))
      await move(bench, line({ ...fields, total: total('{integer} * {decimal}') }))
      const optional = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.optional()]))
      await move(bench, line({ ...optional, total: total('{integer} * {decimal}') }))
    }),
  )
})
