import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { createRegistry } from '../../models/index.ts'
import {
  afterPointers,
  arrangeChanges,
  detectChanges,
  type MarkedOperations,
  markRisks,
  migrationName,
  type NewMigration,
  nextNumber,
} from '../detection/index.ts'
import { assertApps, loadMigrations, type MigrationApp, type MigrationGraph, USUAL_IMPORT } from '../history/index.ts'
import { MigrationError } from '../migration-error.ts'
import { ProjectState } from '../project-state.ts'
import { keyProblems } from '../schema/index.ts'
import { migrationSource } from '../source/index.ts'
import { mergeBranches } from './merge-branches.ts'
import { updateLatest } from './update-latest.ts'

export interface MakeMigrationsOptions {
  readonly apps: readonly MigrationApp[]
  /** The apps to make migrations for, by default all; what they depend on is made as well. */
  readonly names?: readonly string[]
  /** Writes no file. */
  readonly dryRun?: boolean
  /** Writes no file, and ends with 1 if there was something to write. */
  readonly check?: boolean
  /** Makes a migration without operations in each of `names`, to be filled in by hand. */
  readonly empty?: boolean
  /** A name for the new migrations, without a number. */
  readonly name?: string
  /** Writes that what may lose or refuse rows is confirmed. */
  readonly confirm?: boolean
  /** Joins the branches of apps that have several, and does nothing else. */
  readonly merge?: boolean
  /** Puts the changes into the latest migration of each app, instead of making another. */
  readonly update?: boolean
  /** The migrations that the database has not had, for `update`: others are not changed. */
  readonly unapplied?: ReadonlySet<string>
}

export interface MadeMigration {
  readonly app: string
  readonly name: string
  readonly path: string
  readonly text: string
}

export interface MakeMigrationsOutcome {
  readonly exitCode: number
  /** What to print, as lines. */
  readonly lines: readonly string[]
  readonly migrations: readonly MadeMigration[]
}

/**
 * Finds how the models differ from what their migrations say, and writes the migrations that are missing. The same models
 * always give the same text.
 *
 * @throws {MigrationError} with exit code 3 if a change needs a value that nobody has given
 */
export async function makeMigrations(options: MakeMigrationsOptions): Promise<MakeMigrationsOutcome> {
  const { apps, names = [], dryRun = false, check = false } = options
  assertApps(apps, names, 2)
  assertName(options.name)
  const graph = await loadMigrations(apps)
  if (options.merge) return merged(graph, options)
  graph.assertNoConflicts()
  const { planned, risks } = options.empty
    ? { planned: emptyMigrations(graph, options), risks: NO_RISKS }
    : changes(graph, options)
  if (options.update && planned.length > 0) return updated(graph, { planned, risks }, options)
  const migrations = planned.map((migration) => made(migration, apps))
  if (!dryRun && !check) await writeAll(migrations, apps)
  return {
    exitCode: check && migrations.length > 0 ? 1 : 0,
    lines: migrations.length === 0 ? nothingDetected(names) : describe(planned, migrations, risks),
    migrations,
  }
}

async function merged(graph: MigrationGraph, options: MakeMigrationsOptions): Promise<MakeMigrationsOutcome> {
  const { apps, names = [], name, dryRun = false, check = false } = options
  const merges = mergeBranches(graph, { names, ...(name === undefined ? {} : { name }) })
  const migrations = merges.map(({ migration }) => made(migration, apps))
  const isWritten = !dryRun && !check
  if (isWritten) await writeAll(migrations, apps)
  const created = migrations.map(({ path }) => `Created new merge migration ${relative(process.cwd(), path)}`)
  return {
    exitCode: check && migrations.length > 0 ? 1 : 0,
    lines:
      migrations.length === 0
        ? ['No conflicts detected to merge.']
        : [...merges.flatMap(({ lines }) => lines), ...(isWritten ? created : [])],
    migrations,
  }
}

async function updated(
  graph: MigrationGraph,
  { planned: added, risks }: Changes,
  options: MakeMigrationsOptions,
): Promise<MakeMigrationsOutcome> {
  const { apps, name, unapplied = null, dryRun = false, check = false } = options
  const planned = updateLatest(graph, added, { unapplied, ...(name === undefined ? {} : { name }) })
  const migrations = planned.map((migration) => made(migration, apps))
  if (!dryRun && !check) {
    for (const [index, { path, text }] of migrations.entries()) {
      await writeFile(path, text)
      const replaced = join(dirname(path), `${planned[index]?.replacedName ?? ''}.ts`)
      if (replaced !== path) await rm(replaced)
    }
  }
  return { exitCode: check ? 1 : 0, lines: describe(planned, migrations, risks), migrations }
}

const NO_RISKS: MarkedOperations['risks'] = new Map()

interface Changes {
  readonly planned: readonly NewMigration[]
  readonly risks: MarkedOperations['risks']
}

function changes(graph: MigrationGraph, { apps, names = [], name, confirm = false }: MakeMigrationsOptions): Changes {
  const models = apps.flatMap((app) => app.models)
  // Finds relations that cannot be: they would fail in the database, later and less clearly.
  createRegistry(models)
  const problems = keyProblems(models)
  if (problems.length > 0) throw new MigrationError(problems.join('\n'))
  const known = graph.stateOf()
  const detected = detectChanges(known, new ProjectState(models))
  const refused = detected.refusals.filter(({ app }) => names.length === 0 || names.includes(app))
  if (refused.length > 0) throw new MigrationError(refused.map(({ message }) => message).join('\n'), { exitCode: 3 })
  const { operations, risks } = markRisks(afterPointers(detected.operations, graph), known, confirm)
  const arranged = arrangeChanges(operations, {
    leaves: leavesOf(graph, apps),
    ...(name === undefined ? {} : { name }),
  })
  return { planned: names.length === 0 ? arranged : withDependencies(arranged, names), risks }
}

function emptyMigrations(graph: MigrationGraph, { apps, names = [], name }: MakeMigrationsOptions): NewMigration[] {
  if (names.length === 0) throw new MigrationError('You must supply at least one app label when using --empty.')
  const leaves = leavesOf(graph, apps)
  return names.map((app) => {
    const leaf = leaves.get(app)
    return {
      app,
      name: `${nextNumber(leaf)}_${name ?? (leaf === undefined ? 'initial' : migrationName([]))}`,
      isInitial: leaf === undefined,
      dependencies: leaf === undefined ? [] : [[app, leaf]],
      operations: [],
    }
  })
}

function leavesOf(graph: MigrationGraph, apps: readonly MigrationApp[]): Map<string, string> {
  return new Map(apps.flatMap(({ name }) => graph.leaves(name).map((leaf): [string, string] => [name, leaf.name])))
}

function withDependencies(migrations: readonly NewMigration[], apps: readonly string[]): NewMigration[] {
  const kept = new Set(migrations.filter((migration) => apps.includes(migration.app)))
  for (const { dependencies } of kept) {
    for (const [app, name] of dependencies) {
      const needed = migrations.find((migration) => migration.app === app && migration.name === name)
      if (needed) kept.add(needed)
    }
  }
  return migrations.filter((migration) => kept.has(migration))
}

function made(
  { app, name, isInitial, dependencies, operations }: NewMigration,
  apps: readonly MigrationApp[],
): MadeMigration {
  const { folder, importFrom = USUAL_IMPORT } = appNamed(apps, app)
  const text = migrationSource({ dependencies, isInitial, operations, importFrom })
  return { app, name, path: join(folder, `${name}.ts`), text }
}

function appNamed(apps: readonly MigrationApp[], name: string): MigrationApp {
  const app = apps.find((each) => each.name === name)
  if (app) return app
  throw new MigrationError(`There are models of app '${name}', but it is not installed.`)
}

async function writeAll(migrations: readonly MadeMigration[], apps: readonly MigrationApp[]): Promise<void> {
  for (const { app, path, text } of migrations) {
    await mkdir(appNamed(apps, app).folder, { recursive: true })
    // Never over a file that is there.
    await writeFile(path, text, { flag: 'wx' })
  }
}

function nothingDetected(names: readonly string[]): string[] {
  if (names.length === 0) return ['No changes detected']
  return names.length === 1
    ? [`No changes detected in app '${names[0]}'`]
    : [`No changes detected in apps '${names.join("', '")}'`]
}

function describe(
  planned: readonly NewMigration[],
  migrations: readonly MadeMigration[],
  risks: MarkedOperations['risks'],
): string[] {
  const lines = planned.flatMap(({ app, operations }, index) => [
    ...(planned[index - 1]?.app === app ? [] : [`Migrations for '${app}':`]),
    `  ${relative(process.cwd(), migrations[index]?.path ?? '')}`,
    ...operations.flatMap((operation) => [
      `    - ${operation.describe()}`,
      ...(risks.has(operation) ? [`      ! ${risks.get(operation)}`] : []),
    ]),
  ])
  return planned.some(({ operations }) => operations.some((operation) => risks.has(operation)))
    ? [...lines, ...UNCONFIRMED]
    : lines
}

const UNCONFIRMED = [
  "What is marked with ! may lose or refuse rows: 'migrate' will not begin until the operation says",
  '{ confirmed: true }. Write that into the file once you are sure, or make it so by --confirm.',
]

function assertName(name: string | undefined): void {
  if (name !== undefined && !/^\w+$/.test(name)) {
    throw new MigrationError('The migration name must be made of letters, digits and underscores.')
  }
}
