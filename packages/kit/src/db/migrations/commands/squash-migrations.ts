import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  assertApps,
  keyOf,
  type LoadedMigration,
  loadMigrationFiles,
  loadMigrations,
  type MigrationApp,
  MigrationGraph,
  migrationByPrefix,
  resolveMigrations,
  USUAL_IMPORT,
} from '../history/index.ts'
import { type MigrationReference, migration } from '../migration.ts'
import { MigrationError } from '../migration-error.ts'
import type { Operation } from '../operations/index.ts'
import { migrationSource } from '../source/index.ts'
import { optimizeOperations } from '../squash/index.ts'

export interface SquashOptions {
  readonly apps: readonly MigrationApp[]
  readonly app: string
  /** The last of them, or the beginning of its name. */
  readonly end: string
  /** The first of them. By default the app's first. */
  readonly start?: string
  /** Whether operations are made fewer. On by default. */
  readonly optimize?: boolean
  /** The name of the new migration, without a number. */
  readonly squashedName?: string
}

export interface SquashOutcome {
  readonly name: string
  readonly path: string
  readonly text: string
  /** What to print, as lines. */
  readonly lines: readonly string[]
}

/**
 * Writes one migration that stands for several: new databases get it in their place, and one that has had them all counts
 * as having had it.
 *
 * @throws {MigrationError} if one of them is itself such a migration, or has a script that cannot be written down
 */
export async function squashMigrations(options: SquashOptions): Promise<SquashOutcome> {
  const { apps, app, optimize = true } = options
  assertApps(apps, [app])
  assertName(options.squashedName)
  const graph = await loadMigrations(apps)
  const squashed = range(graph, options)
  const operations = squashed.flatMap((migration) => migration.operations).filter(({ isElidable }) => !isElidable)
  assertWritable(squashed)
  const before = graph.stateOf((other) => graph.isBefore(other, squashed[0]))
  const fewer = optimize ? optimizeOperations(operations, { app, before }) : operations
  const name = nameOf(squashed, options.squashedName)
  const home = apps.find((each) => each.name === app)
  const path = join(home?.folder ?? '', `${name}.ts`)
  const dependencies = outerDependencies(squashed)
  const replaces = squashed.map((each): MigrationReference => [each.app, each.name])
  const whole = migration({ dependencies, replaces, operations: fewer })
  assertFits({ ...whole, app, name, key: keyOf(app, name) }, await loadMigrationFiles(apps))
  const text = migrationSource({
    dependencies,
    replaces,
    isInitial: options.start === undefined || squashed[0]?.initial === true,
    operations: fewer,
    importFrom: home?.importFrom ?? USUAL_IMPORT,
  })
  await writeNew(path, text)
  return { name, path, text, lines: linesOf({ squashed, operations, fewer, optimize, path }) }
}

function range(graph: MigrationGraph, { app, start, end }: SquashOptions): LoadedMigration[] {
  if (graph.ofApp(app).length === 0) {
    throw new MigrationError(`App '${app}' does not have migrations (so squashmigrations on it makes no sense)`)
  }
  const last = migrationByPrefix(graph, app, end)
  const own = graph.withAncestors([last]).filter((migration) => migration.app === app)
  const first = start === undefined ? own[0] : migrationByPrefix(graph, app, start)
  const position = first ? own.indexOf(first) : -1
  if (position < 0) {
    throw new MigrationError(
      `The migration '${first?.key}' cannot be found. Maybe it comes after the migration '${last.key}'?\nHave a look at:\n  node manage.ts showmigrations ${app}\nto debug this issue.`,
    )
  }
  const squashed = own.slice(position)
  const twice = squashed.find((migration) => migration.replaces.length > 0)
  if (twice) {
    throw new MigrationError(
      `You cannot squash squashed migrations! Please transition ${twice.key} to a normal migration first: delete the migrations that it replaces, and take 'replaces' out of its file.`,
    )
  }
  if (squashed.length < 2) throw new MigrationError(`There is nothing to squash: ${last.key} is one migration.`)
  return squashed
}

/** What the others of the app need between them cannot be put into one. */
function outerDependencies(squashed: readonly LoadedMigration[]): MigrationReference[] {
  const own = new Set(squashed.map(({ key }) => key))
  const all = squashed.flatMap(({ dependencies }) => dependencies).filter((reference) => !own.has(reference.join('.')))
  return [...new Map(all.map((reference) => [reference.join('.'), reference])).values()]
}

function assertWritable(squashed: readonly LoadedMigration[]): void {
  for (const { key, operations } of squashed) {
    const unwritable = operations.find(({ args, isElidable }) => args === null && !isElidable)
    if (!unwritable) continue
    throw new MigrationError(
      `Cannot squash ${key}: the functions of "${unwritable.describe()}" cannot be written into another file. If new databases need nothing of it, give it { isElidable: true }; else squash up to the migration before, and from the one after.`,
    )
  }
}

/** @throws {MigrationError} if another app's migration needs one of them, and another of them needs that */
function assertFits(squash: LoadedMigration, files: readonly LoadedMigration[]): void {
  try {
    void new MigrationGraph(resolveMigrations([...files, squash], () => false))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MigrationError(`Cannot squash them: another app's migration has to come in between. ${reason}`, { cause })
  }
}

function nameOf(squashed: readonly LoadedMigration[], given: string | undefined): string {
  const first = squashed[0]?.name ?? ''
  const number = /^\d+/.exec(first)?.[0] ?? '0001'
  return given === undefined ? `${number}_squashed_${squashed.at(-1)?.name}` : `${number}_${given}`
}

function assertName(name: string | undefined): void {
  if (name !== undefined && !/^\w+$/.test(name)) {
    throw new MigrationError('The migration name must be made of letters, digits and underscores.')
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new MigrationError(`There is a migration ${path} already. Use a different name.`)
  }
}

interface Told {
  readonly squashed: readonly LoadedMigration[]
  readonly operations: readonly Operation[]
  readonly fewer: readonly Operation[]
  readonly optimize: boolean
  readonly path: string
}

function linesOf({ squashed, operations, fewer, optimize, path }: Told): string[] {
  const optimized =
    fewer.length === operations.length
      ? '  No optimizations possible.'
      : `  Optimized from ${operations.length} operations to ${fewer.length} operations.`
  return [
    'Will squash the following migrations:',
    ...squashed.map(({ name }) => ` - ${name}`),
    ...(optimize ? ['Optimizing...', optimized] : ['(Skipping optimization.)']),
    `Created new squashed migration ${path}`,
    '  You should commit this migration but leave the old ones in place;',
    '  the new migration will be used for new installs. Once you are sure',
    '  all instances of the codebase have applied the migrations you squashed,',
    '  you can delete them.',
  ]
}
