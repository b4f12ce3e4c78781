import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { text } from '../../fields/index.ts'
import { type AnyModel, createRegistry, isModel, model } from '../../models/index.ts'
import { createTables } from '../create-tables.ts'
import { schemaDifferences } from '../introspection/index.ts'
import { testModels } from '../test-models.ts'
import { type Bench, IMPORT_FROM, onEachDatabase } from '../test-project.ts'
import { inspectDatabase } from './inspect-database.ts'

onEachDatabase('inspectdb', (withBench) => {
  it(
    'writes models that want the very tables which are there',
    withBench(async (bench) => {
      const { database } = bench
      await createTables(database, testModels())
      const { models, source } = await inspected(bench, 'clients')
      createRegistry(models)
      const differences = await schemaDifferences(database, database.dialect, models)
      assert.deepEqual(
        differences.filter(({ isExtra }) => !isExtra),
        [],
      )
      assert.match(source, /model\('clients\.Client', \{\n {2}scope: 'business',\n {2}fields: \{/)
      assert.match(source, /scope: 'global',\n {2}reason: 'say why these rows belong to no business',/)
      assert.match(
        source,
        /parent: foreignKey\('self', \{ onDelete: 'protect', relatedName: false \}\)\.optional\(\)|parent: foreignKey\('self', \{ onDelete: 'protect' \}\)\.optional\(\)/,
      )
      assert.doesNotMatch(source, /The kit wants/)
      assert.match(source, /credit: decimal\(\{ digits: 12, places: 2 \}\)/)
      written.set(database.dialect, source)
    }),
  )

  it(
    'leaves a unique set with a condition to be written by hand: without it the set would refuse more',
    withBench(async (bench) => {
      const { database } = bench
      const unique = [['name'], { fields: ['code'], where: { state: 'open' } }] as const
      const fields = { name: text(), code: text({ max: 10 }), state: text({ max: 20 }) }
      await createTables(database, [model('shop.Vendor', { scope: 'business', fields, unique })])
      const { models, source } = await inspected(bench, 'shop')
      assert.deepEqual(
        models[0]?.unique.map((set) => set.fields),
        [['name']],
      )
      assert.match(
        source,
        /The index "shop_vendor_code_\w+_uniq" \(business_id, code.*\) is left out: write it by hand\./,
      )
    }),
  )

  it(
    'says what it cannot say in a model, and takes a table by its name',
    withBench(async (bench) => {
      const { database, run } = bench
      const odd = database.dialect === 'mysql' ? 'geometry' : database.dialect === 'postgresql' ? 'point' : 'blob'
      await run(
        `create table "Old Orders" (no integer primary key, place ${odd}, "shipTo" varchar(40), title varchar(80) not null)`.replaceAll(
          '"',
          database.dialect === 'mysql' ? '`' : '"',
        ),
      )
      await run('create table other (id integer primary key)')
      const { models, source } = await inspected(bench, 'shop', ['Old Orders'])
      assert.deepEqual(
        models.map(({ label, table }) => [label, table]),
        [['shop.OldOrders', 'Old Orders']],
      )
      assert.match(source, /Its primary key is \(no\); the kit wants \(id\)\./)
      assert.match(source, /The column "place" \(\w+\) is left out: no kind of field is like it\./)
      assert.match(source, /The column "shipTo" .* is left out: a field is named in snake_case/)
      assert.match(source, /title: text\(\{ max: 80 \}\),/)
      await assert.rejects(inspected(bench, 'shop', ['nosuch']), /There is no table nosuch/)
      await assert.rejects(inspected(bench, 'Shop!'), /An app is named/)
    }),
  )
})

/** What is written for the very tables that there are, on each database. */
const written = new Map<string, string>()

it('writes models that compile', async () => {
  // The compiler looks for packages from here upwards.
  const cache = resolve(import.meta.dirname, '../../../../../../.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'inspected-'))
  try {
    const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const door = relative(folder, fileURLToPath(IMPORT_FROM))
    for (const [name, source] of written) {
      await writeFile(join(folder, `${name}.ts`), source.replace(IMPORT_FROM, door))
    }
    const compiler = resolve(cache, '../node_modules/.bin/tsc')
    const { stdout } = spawnSync(compiler, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
    assert.equal(stdout, '')
    assert.ok(written.has('sqlite'))
  } finally {
    await rm(folder, { recursive: true })
  }
})

let count = 0

/** What is written, and what it means when it is read. */
async function inspected({ database, project }: Bench, app: string, tables: readonly string[] = []) {
  const source = await inspectDatabase({
    executor: database,
    dialect: database.dialect,
    app,
    tables,
    importFrom: IMPORT_FROM,
  })
  const path = join(project.folder, `models-${++count}`, 'models.ts')
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, source)
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href)
  const models: AnyModel[] = Object.values(module).filter(isModel)
  return { source, models }
}
