import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { it } from 'node:test'
import { newId } from '../../../base/index.ts'
import type { DriverValue } from '../../dialects/index.ts'
import { choice, decimal, type Field, integer, text } from '../../fields/index.ts'
import { type AnyModel, model } from '../../models/index.ts'
import { introspect } from '../introspection/index.ts'
import { onEachDatabase } from '../test-project.ts'

const MOMENT = '2026-01-01 00:00:00'
const BUSINESS = newId()

const fields = {
  code: text({ max: 20 }),
  city: text({ max: 20 }).optional(),
  state: choice(['lead', 'active', 'lost']),
  credit: decimal({ digits: 10, places: 2 }),
  size: text({ max: 20 }).optional(),
}

const client = (changed: Readonly<Record<string, Field>> = {}, more: object = {}): AnyModel =>
  model('clients.Client', { scope: 'business', fields: { ...fields, ...changed }, ...more })

onEachDatabase('what may lose or refuse rows', (withBench) => {
  it(
    'has to be confirmed in the file, and is refused while a row stands in the way',
    withBench(async ({ project, database }) => {
      await project.declare(client()).make()
      await project.migrate(database)
      const { code: _code, ...rest } = fields
      const removed = model('clients.Client', { scope: 'business', fields: rest })

      const { lines, migrations } = await project.declare(removed).make({ confirm: false })
      assert.ok(lines.includes('      ! its values are lost'))
      const path = migrations[0]?.path ?? ''
      assert.match(migrations[0]?.text ?? '', /removeField\('Client', 'code', \{ confirmed: false \}\)/)
      const before = await introspect(database, database.dialect)
      await assert.rejects(project.migrate(database), {
        message: `What may lose or refuse rows has to be confirmed first:
  clients.0002_remove_client_code: Remove field code from client: its values are lost
Read the migration; if that is what you want, write { confirmed: true } into its operation.`,
      })
      assert.deepEqual(await introspect(database, database.dialect), before)
      // Another name, since a module is read once in a process.
      const confirmed = (await readFile(path, 'utf8')).replace('confirmed: false', 'confirmed: true')
      await writeFile(path.replace('0002_remove', '0002_really_remove'), confirmed)
      await rm(path)
      await project.migrate(database)
      assert.deepEqual((await project.make()).lines, ['No changes detected'])
    }),
  )

  it(
    'tells how many rows stand in the way and one of their ids, and changes nothing',
    withBench(async ({ project, database, run }) => {
      await project.declare(client()).make()
      await project.migrate(database)
      const [first, second] = [newId(), newId()].sort()
      for (const [id, city, state, credit, size] of [
        [first, null, 'lost', '-5.25', '12'],
        [second, 'Al Manamah', 'lost', '12345', 'large'],
      ]) {
        const values = [BUSINESS, id, 'C1', city, state, credit, size, MOMENT, MOMENT] as DriverValue[] // as: as listed
        await run(
          `insert into clients_client (business_id, id, code, city, state, credit, size, created_at, updated_at) values (${values.map(() => '?').join(', ')})`,
          values,
        )
      }
      const start = await introspect(database, database.dialect)
      const cases: readonly (readonly [AnyModel, string])[] = [
        [client({ city: text({ max: 20 }) }), `1 row(s) have no value in "city", such as ${first}`],
        [
          client({ city: text({ max: 5 }).optional() }),
          `1 row(s) hold a value in "city" that does not fit, such as ${second}`,
        ],
        [
          client({ state: choice(['lead', 'active']) }),
          `2 row(s) hold a value in "state" that does not fit, such as ${first}`,
        ],
        [
          client({ credit: decimal({ digits: 6, places: 2 }) }),
          `1 row(s) hold a value in "credit" that does not fit, such as ${second}`,
        ],
        [client({ credit: integer() }), `1 row(s) hold a value in "credit" that does not fit, such as ${first}`],
        [
          client({ size: integer().optional() }),
          `1 row(s) hold a value in "size" that does not fit, such as ${second}`,
        ],
        [client({}, { unique: [['code']] }), `1 value(s) of (code) are there more than once, such as ${first}`],
        [
          client({}, { checks: { positive: { credit__gte: 0 } } }),
          `1 row(s) break the check "positive", such as ${first}`,
        ],
      ]
      for (const [index, [changed, message]] of cases.entries()) {
        const { migrations } = await project.declare(changed).make({ name: `case_${index}` })
        await assert.rejects(project.migrate(database), (error: Error) => {
          assert.ok(error.message.includes(` failed: ${message}. Mend the rows first`), error.message)
          return true
        })
        await rm(migrations[0]?.path ?? '')
      }
      assert.deepEqual(
        (await introspect(database, database.dialect)).filter(({ name }) => name.startsWith('clients')),
        start.filter(({ name }) => name.startsWith('clients')),
      )
      await run('delete from clients_client where id = ?', [second ?? ''])
      await project.declare(client({ size: integer().optional(), state: choice(['lost']) })).make({ name: 'fits' })
      await project.migrate(database)
      assert.deepEqual((await run('select size, state from clients_client')).map(String), ['12,lost'])
    }),
  )
})
