import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Database } from '../../dialects/index.ts'
import { type TestDatabase, testDatabases } from '../../dialects/index.ts'
import { squashMigrations } from '../commands/squash-migrations.ts'
import { introspect, schemaDifferences, schemaHash } from '../introspection/index.ts'
import { TestProject } from '../test-project.ts'
import { ACTS, type Change, changed } from './random-changes.ts'
import { modelsOf, type ProjectPlan } from './random-models.ts'
import { insertRows, rowsOf } from './random-rows.ts'

const IS_LONG = process.env.LONG === '1'
const COUNT = Number(process.env.HISTORIES ?? (IS_LONG ? 200 : 5))
/** Others every time in the long run, and the same ones everywhere else. */
const SEED = process.env.SEED ?? (IS_LONG ? undefined : '20260')

const number = fc.nat(1000)
const change: fc.Arbitrary<Change> = fc.record({
  act: fc.constantFrom(...ACTS),
  model: number,
  field: number,
  pick: number,
})
const history = fc.record({
  first: fc.array(change, { minLength: 1, maxLength: 3 }),
  versions: fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
  turn: number,
})

type History = ReturnType<typeof history.generate>['value']

for (const source of testDatabases()) {
  describe(`random histories of models (${source.name})`, () => {
    it('lead to what the models want, back and forth, with the rows that survive', {
      timeout: IS_LONG ? 7_200_000 : 240_000,
    }, async () => {
      const test: TestDatabase = await source.create()
      try {
        await fc.assert(
          fc.asyncProperty(history, (given) => live(given, test.database)),
          { numRuns: COUNT, ...(SEED === undefined ? {} : { seed: Number(SEED) }), endOnFailure: true },
        )
        if (IS_LONG) console.log(`${source.name}: ${COUNT} histories`)
      } finally {
        await test.drop()
      }
    })
  })
}

interface Stop {
  readonly name: string
  readonly hash: string
}

async function live({ first, versions, turn }: History, database: Database): Promise<void> {
  const project = await TestProject.create()
  try {
    await clear(database)
    let serial = 0
    const edit = (plan: ProjectPlan, changes: readonly Change[]): ProjectPlan =>
      changes.reduce((so, each) => changed(so, each, ++serial), plan)
    let plan = edit(
      {},
      first.map((each) => ({ ...each, act: 'addModel' as const })),
    )
    const stops: Stop[] = []
    for (const changes of [[], ...versions]) {
      plan = edit(plan, changes)
      const stop = await evolve(project, plan, database)
      if (stop) stops.push(stop)
      await insertRows(database, modelsOf(plan), serial)
    }
    await thereAndBack(project, { stops, turn, database })
    await toZeroAndSquashed(project, { stops, database })
  } finally {
    await project.remove()
  }
}

/** Detects, writes, reads, migrates and looks. */
async function evolve(project: TestProject, plan: ProjectPlan, database: Database): Promise<Stop | null> {
  const models = modelsOf(plan)
  const { migrations } = await project.declare(...models).make()
  await project.migrate(database)
  assert.deepEqual(
    await schemaDifferences(database, database.dialect, models),
    [],
    'the database is what the models want',
  )
  assert.deepEqual((await project.make({ dryRun: true })).lines, ['No changes detected'])
  const name = migrations.at(-1)?.name
  return name === undefined ? null : { name, hash: await schemaHash(database, database.dialect) }
}

interface Journey {
  readonly stops: readonly Stop[]
  readonly turn: number
  readonly database: Database
}

async function thereAndBack(project: TestProject, { stops, turn, database }: Journey): Promise<void> {
  const last = stops.at(-1)
  const back = stops[turn % stops.length]
  if (!last || !back) return
  const before = await rowsOf(database)
  const travel = async ({ name, hash }: Stop): Promise<void> => {
    await project.migrate(database, { target: { app: 'lab', name } })
    assert.equal(await schemaHash(database, database.dialect), hash, `the tables at ${name}`)
  }
  await travel(back)
  await travel(last)
  const after = await rowsOf(database)
  for (const [table, codes] of after.codes) {
    // A table that was made behind the turning point has lost its rows, and every other has them all.
    if (codes.length > 0) assert.deepEqual(codes, before.codes.get(table), `the rows of ${table}`)
  }
  await travel(back)
  await travel(last)
  assert.deepEqual(await rowsOf(database), after, 'a second journey loses nothing more')
}

async function toZeroAndSquashed(project: TestProject, { stops, database }: Omit<Journey, 'turn'>): Promise<void> {
  const last = stops.at(-1)
  await project.migrate(database, { target: { app: 'lab', name: 'zero' } })
  assert.deepEqual(await introspect(database, database.dialect), [])
  if (!last || stops.length < 2) return
  await squashMigrations({ apps: project.apps, app: 'lab', end: last.name })
  await project.migrate(database)
  assert.equal(await schemaHash(database, database.dialect), last.hash, 'squashed')
}

/** What a history that failed has left behind. */
async function clear(database: Database): Promise<void> {
  const tables = [
    ...(await introspect(database, database.dialect)).map(({ name }) => name),
    'bailiwick_migrations',
    'bailiwick_migration_progress',
  ]
  const session = await database.session()
  try {
    for (const sql of CLEARING[database.dialect](tables)) await session.execute({ sql })
  } finally {
    await session.release()
  }
}

const CLEARING: Readonly<Record<Database['dialect'], (tables: readonly string[]) => string[]>> = {
  postgresql: (tables) => [`set client_min_messages = error`, `drop table if exists ${tables.join(', ')} cascade`],
  mysql: (tables) => ['set foreign_key_checks = 0', `drop table if exists ${tables.join(', ')}`],
  sqlite: (tables) => ['pragma foreign_keys = off', ...tables.map((table) => `drop table if exists ${table}`)],
}
