import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '../../../base/index.ts'
import { foreignKey, integer, text } from '../../fields/index.ts'
import { type AnyModel, manyToMany, model, withThroughModels } from '../../models/index.ts'
import { schemaDifferences } from '../introspection/index.ts'
import { type Bench, onEachDatabase } from '../test-project.ts'

const MOMENT = '2026-01-01 00:00:00'
const BUSINESS = newId()
const scope = 'business'

const Tag = model('crm.Tag', { scope, softDelete: false, fields: { name: text({ max: 40 }) } })

function before(): AnyModel[] {
  const Client = model('crm.Client', {
    scope,
    fields: {
      name: text({ max: 50 }),
      age: integer().default(1),
      boss: foreignKey('crm.Client', { onDelete: 'protect', relatedName: false }).optional(),
      tags: manyToMany(() => Tag),
    },
    unique: [['name']],
    indexes: [['age', '-created_at']],
    checks: { grown: { age__gte: 1 } },
  })
  const Deal = model('sales.Deal', { scope, fields: { client: foreignKey(() => Client, { onDelete: 'protect' }) } })
  return [Client, Tag, Deal]
}

/** The same under other names, and with a field that is called as another was. */
function after(): AnyModel[] {
  const Customer = model('crm.Customer', {
    scope,
    renamedFrom: 'crm.Client',
    fields: {
      title: text({ max: 50, renamedFrom: 'name' }),
      years: integer({ renamedFrom: 'age' }).default(1),
      name: text({ max: 50 }).optional(),
      chief: foreignKey('crm.Customer', {
        onDelete: 'protect',
        relatedName: false,
        renamedFrom: 'boss',
      }).optional(),
      labels: manyToMany(() => Tag, { renamedFrom: 'tags' }),
    },
    unique: [['title']],
    indexes: [['years', '-created_at']],
    checks: { grown: { years__gte: 1 } },
  })
  const Deal = model('sales.Deal', {
    scope,
    fields: { customer: foreignKey(() => Customer, { onDelete: 'protect', renamedFrom: 'client' }) },
  })
  return [Customer, Tag, Deal]
}

async function fill({ run }: Bench): Promise<void> {
  const [client, tag] = [newId(), newId()]
  const row = (table: string, values: Readonly<Record<string, string>>) => {
    const kept = { business_id: BUSINESS, id: newId(), created_at: MOMENT, updated_at: MOMENT, ...values }
    const marks = Object.keys(kept).map(() => '?')
    return run(
      `insert into ${table} (${Object.keys(kept).join(', ')}) values (${marks.join(', ')})`,
      Object.values(kept),
    )
  }
  await row('crm_client', { id: client, name: 'Asha', age: '3', boss_id: client })
  await row('crm_tag', { id: tag, name: 'vip' })
  await row('crm_client_tags', { client_id: client, tag_id: tag })
  await row('sales_deal', { client_id: client })
}

onEachDatabase('renames that are declared', (withBench) => {
  it(
    'keep rows, keys, indexes, checks and pairs, forwards and back, and do no harm afterwards',
    withBench(async (bench) => {
      const { project, database, run } = bench
      await project.declare(...withThroughModels(before())).make()
      await project.migrate(database)
      await fill(bench)
      const { lines, migrations } = await project.declare(...withThroughModels(after())).make()
      assert.deepEqual(
        migrations.map(({ app, name }) => `${app}.${name}`),
        ['crm.0002_rename_client_customer_and_more', 'sales.0002_rename_client_deal_customer'],
      )
      assert.deepEqual(
        lines.filter((line) => line.startsWith('    - ')).map((line) => line.slice(6)),
        [
          'Rename model Client to Customer',
          'Rename model ClientTags to CustomerLabels',
          'Rename field name on customer to title',
          'Rename field age on customer to years',
          'Rename field boss on customer to chief',
          'Rename field client on customerlabels to customer',
          'Add field name to customer',
          'Rename table for customerlabels to crm_customer_labels',
          'Rename field client on deal to customer',
        ],
      )
      await project.migrate(database)
      assert.deepEqual(await schemaDifferences(database, database.dialect, withThroughModels(after())), [])
      assert.deepEqual((await project.make()).lines, ['No changes detected'])
      const found = await run(
        `select c.title, c.years, t.name from crm_customer c
         join crm_customer_labels l on l.customer_id = c.id join crm_tag t on t.id = l.tag_id
         join sales_deal d on d.customer_id = c.id where c.chief_id = c.id`,
      )
      assert.deepEqual(
        found.map((row) => row.map(String)),
        [['Asha', '3', 'vip']],
      )
      // What another app has made of the old name comes first, also where nothing is there yet.
      const fresh = await bench.another()
      await project.migrate(fresh.database)
      await project.migrate(database, { target: { app: 'sales', name: '0001' } })
      await project.migrate(database, { target: { app: 'crm', name: '0001' } })
      assert.deepEqual(await schemaDifferences(database, database.dialect, withThroughModels(before())), [])
      assert.deepEqual((await run('select name from crm_client')).map(String), ['Asha'])
    }),
  )
})
