import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { createRegistry } from '../../models/index.ts'
import { arrangeChanges, detectChanges, migrationName, type NewMigration, nextNumber } from '../detection/index.ts'
import { assertApps, loadMigrations, type MigrationApp, type MigrationGraph, USUAL_IMPORT } from '../history/index.ts'
import { MigrationError } from '../migration-error.ts'
import { ProjectState } from '../project-state.ts'
import { keyProblems } from '../schema/index.ts'
import { migrationSource } from '../source/index.ts'

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
  graph.assertNoConflicts()
  const planned = options.empty ? emptyMigrations(graph, options) : changes(graph, options)
  const migrations = planned.map((migration) => made(migration, apps))
  if (!dryRun && !check) await writeAll(migrations, apps)
  return {
    exitCode: check && migrations.length > 0 ? 1 : 0,
    lines: migrations.length === 0 ? nothingDetected(names) : describe(planned, migrations),
    migrations,
  }
}

function changes(graph: MigrationGraph, { apps, names = [], name }: MakeMigrationsOptions): NewMigration[] {
  const models = apps.flatMap((app) => app.models)
  // Finds relations that cannot be: they would fail in the database, later and less clearly.
  createRegistry(models)
  const problems = keyProblems(models)
  if (problems.length > 0) throw new MigrationError(problems.join('\n'))
  const { operations, refusals } = detectChanges(graph.stateOf(), new ProjectState(models))
  const refused = refusals.filter(({ app }) => names.length === 0 || names.includes(app))
  if (refused.length > 0) throw new MigrationError(refused.map(({ message }) => message).join('\n'), { exitCode: 3 })
  const arranged = arrangeChanges(operations, {
    leaves: leavesOf(graph, apps),
    ...(name === undefined ? {} : { name }),
  })
  return names.length === 0 ? arranged : withDependencies(arranged, names)
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

function describe(planned: readonly NewMigration[], migrations: readonly MadeMigration[]): string[] {
  return planned.flatMap(({ app, operations }, index) => [
    ...(planned[index - 1]?.app === app ? [] : [`Migrations for '${app}':`]),
    `  ${relative(process.cwd(), migrations[index]?.path ?? '')}`,
    ...operations.map((operation) => `    - ${operation.describe()}`),
  ])
}

function assertName(name: string | undefined): void {
  if (name !== undefined && !/^\w+$/.test(name)) {
    throw new MigrationError('The migration name must be made of letters, digits and underscores.')
  }
}
