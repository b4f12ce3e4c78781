import assert from 'node:assert/strict'
import type { Database } from '../../dialects/index.ts'
import { squashMigrations } from '../commands/squash-migrations.ts'
import { introspect, schemaDifferences, schemaHash } from '../introspection/index.ts'
import { MigrationError } from '../migration-error.ts'
import { TestProject } from '../test-project.ts'
import type { Change } from './random-acts.ts'
import { changed, withoutRenames } from './random-changes.ts'
import { modelsOf, type ProjectPlan } from './random-models.ts'
import { aliveIds, insertRows, rowsOf } from './random-rows.ts'
import { assertSurvival } from './surviving-rows.ts'

export interface History {
  /** The models that there are from the beginning. */
  readonly first: readonly Change[]
  /** What is edited from one migration to the next. */
  readonly versions: readonly (readonly Change[])[]
  /** Chooses how far it goes back. */
  readonly turn: number
}

/** A version that the project has come by: the last migration of each app, and what the tables were like. */
interface Stop {
  readonly ends: Readonly<Record<string, string>>
  readonly hash: string
}

interface Life {
  readonly project: TestProject
  readonly database: Database
  readonly stops: readonly Stop[]
}

/** Lives through a history on a database: forwards with rows, back and forth, to nothing, and squashed. */
export async function live({ first, versions, turn }: History, database: Database): Promise<void> {
  const project = await TestProject.create()
  try {
    await clear(database)
    let serial = 0
    const edit = (plan: ProjectPlan, changes: readonly Change[]): ProjectPlan =>
      changes.reduce((so, each) => changed(so, each, ++serial), withoutRenames(plan))
    let plan = edit(
      {},
      first.map((each) => ({ ...each, act: 'addModel' as const })),
    )
    const stops: Stop[] = []
    for (const changes of [[], ...versions]) {
      const before = { plan, rows: await rowsOf(database) }
      plan = edit(plan, changes)
      const stop = await evolve({ project, database, stops }, plan)
      if (stop) stops.push(stop)
      assertSurvival(before, { plan, rows: await rowsOf(database) })
      await insertRows(database, modelsOf(plan), serial)
    }
    await thereAndBack({ project, database, stops }, turn)
    await toZeroAndSquashed({ project, database, stops })
  } finally {
    await project.remove()
  }
}

/** Detects, writes, reads, migrates and looks. */
async function evolve({ project, database, stops }: Life, plan: ProjectPlan): Promise<Stop | null> {
  const models = modelsOf(plan)
  const { migrations } = await project.declare(...models).make()
  await project.migrate(database)
  assert.deepEqual(
    await schemaDifferences(database, database.dialect, models),
    [],
    'the database is what the models want',
  )
  assert.deepEqual((await project.make({ dryRun: true })).lines, ['No changes detected'])
  if (migrations.length === 0) return null
  const ends = Object.fromEntries(migrations.map(({ app, name }) => [app, name]))
  return { ends: { ...stops.at(-1)?.ends, ...ends }, hash: await schemaHash(database, database.dialect) }
}

async function thereAndBack(life: Life, turn: number): Promise<void> {
  const { database, stops } = life
  const last = stops.at(-1)
  const back = stops[turn % stops.length]
  if (!last || !back) return
  const before = await rowsOf(database)
  await travel(life, back)
  await travel(life, last)
  const after = await rowsOf(database)
  for (const [table, rows] of after) {
    // A table that was made behind the turning point has lost its rows, and every other has them all.
    if (rows.size > 0) assert.deepEqual(aliveIds(rows), aliveIds(before.get(table)), `the rows of ${table}`)
  }
  // Most of the time goes into journeys: every history makes one more.
  if (turn % 2 !== 0) return oneAppAway(life, { last, turn })
  await travel(life, back)
  await travel(life, last)
  assert.deepEqual(await rowsOf(database), after, 'a second journey loses nothing more')
}

/** Takes one app away, with what others have that needs it, and brings all back. */
async function oneAppAway({ project, database }: Life, { last, turn }: { last: Stop; turn: number }): Promise<void> {
  const app = Object.keys(last.ends)[turn % Object.keys(last.ends).length]
  if (app !== undefined) await project.migrate(database, { target: { app, name: 'zero' } })
  await project.migrate(database)
  assert.equal(await schemaHash(database, database.dialect), last.hash, `the tables after ${app} was away`)
}

async function travel({ project, database }: Life, { ends, hash }: Stop): Promise<void> {
  for (const { name: app } of project.apps) {
    await project.migrate(database, { target: { app, name: ends[app] ?? 'zero' } })
  }
  assert.equal(await schemaHash(database, database.dialect), hash, `the tables at ${JSON.stringify(ends)}`)
}

async function toZeroAndSquashed({ project, database, stops }: Life): Promise<void> {
  for (const { name: app } of project.apps) await project.migrate(database, { target: { app, name: 'zero' } })
  assert.deepEqual(await introspect(database, database.dialect), [])
  const last = stops.at(-1)
  for (const [app, end] of Object.entries(last?.ends ?? {})) await squash(project, app, end)
  await project.migrate(database)
  assert.equal(await schemaHash(database, database.dialect), last?.hash, 'squashed')
}

/** Apps that need each other's migrations in turn cannot be squashed, nor can a single migration. */
async function squash(project: TestProject, app: string, end: string): Promise<void> {
  try {
    await squashMigrations({ apps: project.apps, app, end })
  } catch (error) {
    const isRefusal = error instanceof MigrationError && /has to come in between|nothing to squash/.test(error.message)
    if (!isRefusal) throw error
  }
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
  mysql: (tables) => [
    'set foreign_key_checks = 0',
    `drop table if exists ${tables.join(', ')}`,
    'set foreign_key_checks = 1',
  ],
  sqlite: (tables) => [
    'pragma foreign_keys = off',
    ...tables.map((table) => `drop table if exists ${table}`),
    'pragma foreign_keys = on',
  ],
}
