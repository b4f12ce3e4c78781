import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { it } from 'node:test'
import type { DialectName } from '../../dialects/index.ts'
import { bigInteger, decimal, foreignKey, integer, text } from '../../fields/index.ts'
import { type AnyModel, model } from '../../models/index.ts'
import { migrate } from '../commands/migrate.ts'
import { schemaHash } from '../introspection/index.ts'
import { Breaker, breakingDatabase } from '../test-breaking-database.ts'
import { type Bench, onEachDatabase } from '../test-project.ts'
import type { MigrationTarget } from './plan-steps.ts'

const BUSINESS = '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47'
const ID = (number: number): string => `0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d${String(number).padStart(2, '0')}`
const MOMENT = '2026-01-01 00:00:00'

const owner = (): AnyModel => model('shop.Owner', { scope: 'business', fields: { name: text({ max: 40 }) } })

const before = (): AnyModel[] => [
  owner(),
  model('shop.Item', {
    scope: 'business',
    fields: { name: text({ max: 40 }), code: text({ max: 10 }).optional(), price: integer().optional() },
    unique: [['code']],
    indexes: [['name']],
  }),
  model('shop.Tag', { scope: 'business', softDelete: false, fields: { word: text({ max: 20 }) } }),
]

/** Far enough from the first that every sort of change is among the statements. */
const after = (): AnyModel[] => [
  owner(),
  model('shop.Item', {
    scope: 'business',
    table: 'shop_things',
    fields: {
      name: text({ max: 60, unique: true }),
      code: text({ max: 20 }).default('none'),
      price: decimal({ digits: 12, places: 2 }).optional(),
      stock: bigInteger().default(5n),
      owner: foreignKey('shop.Owner', { onDelete: 'cascade' }).optional(),
    },
    unique: [['code', 'name']],
    indexes: [['owner', '-name']],
  }),
  model('shop.Shelf', {
    scope: 'business',
    fields: { item: foreignKey('shop.Item', { onDelete: 'cascade' }), place: integer() },
    unique: [['item', 'place']],
  }),
]

/** Rows that a second run could double: each insert has to happen once. */
const DATA = {
  imports: ['runSql', 'runScript', 'renameField'],
  options: `dependencies: [['shop', '0002_both']], operations: [
    runSql("insert into shop_owner (business_id, id, name, created_at, updated_at) values ('${BUSINESS}', '${ID(20)}', 'from SQL', '${MOMENT}', '${MOMENT}')", "delete from shop_owner where name = 'from SQL'"),
    renameField('Item', 'stock', 'amount'),
    runSql('update shop_things set amount = amount + 1', 'update shop_things set amount = amount - 1'),
    runScript(
      async ({ database }) => {
        for (const id of ['${ID(21)}', '${ID(22)}']) await database.execute({ sql: "insert into shop_owner (business_id, id, name, created_at, updated_at) values ('${BUSINESS}', '" + id + "', 'from a script', '${MOMENT}', '${MOMENT}')" })
      },
      async ({ database }) => {
        await database.execute({ sql: "delete from shop_owner where name = 'from a script'" })
      },
    ),
  ]`,
}

onEachDatabase('a run that is broken off', (withBench) => {
  it(
    'at any statement of any way is finished by the next, with every row and none twice',
    withBench(async (bench) => {
      const { project, database, run } = bench
      await writeHistory(bench)
      await project.migrate(database, { target: FIRST })
      for (const number of [1, 2, 3]) {
        await run(
          'insert into shop_item (business_id, id, name, code, price, created_at, updated_at, deleted_at) values (?, ?, ?, ?, ?, ?, ?, ?)',
          [
            BUSINESS,
            ID(number),
            `Item ${number}`,
            number === 1 ? null : `c${number}`,
            number,
            MOMENT,
            MOMENT,
            number === 3 ? MOMENT : null,
          ],
        )
      }
      const start = await stateOf(bench, FIRST)
      await project.migrate(database, { target: LAST })
      const end = await stateOf(bench, LAST)
      assert.equal(end.rows.length, 6)
      await project.migrate(database, { target: FIRST })
      // What goes for good on the way: a code that was null has got the default.
      const back = await stateOf(bench, FIRST)
      assert.equal(back.hash, start.hash)
      const stride = strideOf(database.dialect)
      let isDone = false
      for (let count = 0; !isDone; count += stride) {
        const forth = await breakAndFinish(bench, LAST, count)
        assert.deepEqual(await stateOf(bench, LAST), end, `broken at ${count} on the way forth`)
        const home = await breakAndFinish(bench, FIRST, count)
        assert.deepEqual(await stateOf(bench, FIRST), back, `broken at ${count} on the way back`)
        isDone = forth && home
        if (isDone) console.log(`${database.dialect}: broken off at ${Math.ceil(count / stride)} points on each way`)
      }
    }),
  )

  it(
    'is finished before anything else, wherever the next run wants to go',
    withBench(async (bench) => {
      const { project, database } = bench
      await writeHistory(bench)
      await project.migrate(database, { target: FIRST })
      const start = await schemaHash(database, database.dialect)
      for (let count = 1; ; count += 3 * strideOf(database.dialect)) {
        const isWhole = await project.migrate(breakingDatabase(database, new Breaker(count)), { target: LAST }).then(
          () => true,
          () => false,
        )
        await project.migrate(database, { target: FIRST })
        assert.equal(await schemaHash(database, database.dialect), start, `broken at ${count}`)
        if (isWhole) break
      }
    }),
  )

  it(
    'refuses to go on in a file that has been changed where it was done already',
    withBench(async ({ project, database, run }) => {
      await project.declare(owner()).make()
      await project.migrate(database)
      const write = (app: string, first: string, second: string) =>
        project.write(app, '0001_two', {
          imports: ['runSql'],
          options: `atomic: false, operations: [runSql("${first}"), runSql("${second}")]`,
        })
      const naming = (text: string): string => `update shop_owner set name = '${text}'`
      await write('one', naming('one'), 'nonsense')
      await assert.rejects(project.migrate(database), /What it did before that stays.*The next run goes on from there/)
      // A file is read once by a process, so another folder holds the changed ones.
      const changedTo = async (folder: string, first: string, second: string) => {
        await write(folder, first, second)
        const apps = project.apps.filter(({ name }) => name !== folder)
        return apps.map((app) =>
          app.name === 'one' ? { ...app, folder: app.folder.replace('/one/', `/${folder}/`) } : app,
        )
      }
      const first = await changedTo('two', naming('two'), naming('three'))
      await assert.rejects(
        migrate({ database, apps: first }),
        /Migration one\.0001_two was broken off behind its statement 1, and what it did until then has been changed/,
      )
      const second = await changedTo(
        'three',
        naming('one'),
        "insert into shop_owner select * from shop_owner where name = 'no'",
      )
      await migrate({ database, apps: second })
      assert.deepEqual(await run('select count(*) from bailiwick_migration_progress').then(String), '0')
    }),
  )

  it(
    'by a kill of its process is finished by the next',
    withBench(async (bench) => {
      const { project, database } = bench
      await writeHistory(bench)
      await project.migrate(database, { target: FIRST })
      await project.migrate(database, { target: LAST })
      const end = await schemaHash(database, database.dialect)
      for (const count of [5, 17]) {
        await project.migrate(database, { target: FIRST })
        assert.equal(await migrateAndDie(bench, count), 'SIGKILL')
        await project.migrate(database, { target: LAST })
        assert.equal(await schemaHash(database, database.dialect), end, `killed at ${count}`)
      }
    }),
  )
})

/** `npm run check:long` breaks at every statement; else some will do, more of them where no transaction helps. */
function strideOf(dialect: DialectName): number {
  if (process.env.LONG === '1') return 1
  return dialect === 'mysql' ? 8 : 12
}

const FIRST: MigrationTarget = { app: 'shop', name: '0001' }
const LAST: MigrationTarget = { app: 'shop', name: '0003' }

async function writeHistory({ project }: Bench): Promise<void> {
  await project.declare(...before()).make()
  await project.declare(...after()).make({ name: 'both' })
  await project.write('shop', '0003_data', DATA)
}

/** Answers whether the run came to its end before it broke. */
async function breakAndFinish({ project, database }: Bench, target: MigrationTarget, count: number): Promise<boolean> {
  const breaker = new Breaker(count)
  try {
    await project.migrate(breakingDatabase(database, breaker), { target })
    return true
  } catch (error) {
    if (!breaker.isBroken) throw error
  }
  await project.migrate(database, { target })
  return false
}

interface State {
  readonly hash: string
  readonly rows: readonly string[]
}

async function stateOf({ database, run }: Bench, { name }: MigrationTarget): Promise<State> {
  const hash = await schemaHash(database, database.dialect)
  const items =
    name === FIRST.name
      ? await run('select id, name, code, price, deleted_at from shop_item order by id')
      : await run('select id, name, code, price, amount, deleted_at from shop_things order by id')
  const owners = await run('select id, name from shop_owner order by id')
  return { hash, rows: [...items, ...owners].map((row) => row.map(String).join(' | ')) }
}

/** Migrates in a process of its own, which kills itself at a statement. */
const SCRIPT = `
  const [door, dialects, breaking, options, apps, target, count] = process.argv.slice(1)
  const { migrate } = await import(door)
  const { openDatabase } = await import(dialects)
  const { Breaker, breakingDatabase } = await import(breaking)
  const breaker = new Breaker(Number(count), () => process.kill(process.pid, 'SIGKILL'))
  const database = breakingDatabase(await openDatabase(JSON.parse(options)), breaker)
  await migrate({ database, apps: JSON.parse(apps), target: JSON.parse(target) })`

async function migrateAndDie({ project, test }: Bench, count: number): Promise<NodeJS.Signals | null> {
  const door = (path: string): string => new URL(path, import.meta.url).href
  const args = [
    door('../index.ts'),
    door('../../dialects/index.ts'),
    door('../test-breaking-database.ts'),
    JSON.stringify(test.options),
    JSON.stringify(project.apps.map((app) => ({ ...app, models: [] }))),
    JSON.stringify(LAST),
    String(count),
  ]
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', SCRIPT]
  const child = spawn(process.execPath, [...flags, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [, signal]: (NodeJS.Signals | null)[] = await once(child, 'exit')
  return signal ?? null
}
