import { migrationName, type NewMigration } from '../detection/index.ts'
import type { LoadedMigration, MigrationGraph } from '../history/index.ts'
import { MigrationError } from '../migration-error.ts'
import { optimizeOperations } from '../squash/index.ts'

export interface UpdateOptions {
  /** The migrations that the database has not had: others cannot be changed any more. */
  readonly unapplied: ReadonlySet<string> | null
  /** A name without its number. */
  readonly name?: string
}

export interface UpdatedMigration extends NewMigration {
  /** The name of the migration that it takes the place of. */
  readonly replacedName: string
}

/**
 * Puts new operations into the latest migration of their app.
 *
 * @throws {MigrationError} if there is none, or it is applied, stands for others, is depended on, or was written by hand
 */
export function updateLatest(
  graph: MigrationGraph,
  added: readonly NewMigration[],
  options: UpdateOptions,
): UpdatedMigration[] {
  return added.map((migration, index) => {
    const { app } = migration
    if (added.findIndex((other) => other.app === app) !== index) {
      throw new MigrationError(
        `Cannot update ${app}: its changes take two migrations, with another app's between them.`,
      )
    }
    const [leaf] = graph.leaves(app)
    if (!leaf) throw new MigrationError(`App ${app} has no migration, cannot update last migration.`)
    assertUpdatable(graph, leaf, options)
    return updated(graph, leaf, { migration, options })
  })
}

function assertUpdatable(graph: MigrationGraph, leaf: LoadedMigration, { unapplied }: UpdateOptions): void {
  const { key, replaces, operations, atomic, runBefore } = leaf
  if (replaces.length > 0) throw new MigrationError(`Cannot update squash migration '${key}'.`)
  if (unapplied && !unapplied.has(key)) throw new MigrationError(`Cannot update applied migration '${key}'.`)
  const dependents = graph.children(leaf).map((child) => `'${child.key}'`)
  if (dependents.length > 0) {
    throw new MigrationError(`Cannot update migration '${key}' that migrations ${dependents.join(', ')} depend on.`)
  }
  if (!atomic || runBefore.length > 0 || operations.some(({ args }) => args === null)) {
    throw new MigrationError(`Cannot update migration '${key}': what was written into it by hand would be lost.`)
  }
}

interface Update {
  readonly migration: NewMigration
  readonly options: UpdateOptions
}

function updated(graph: MigrationGraph, leaf: LoadedMigration, { migration, options }: Update): UpdatedMigration {
  const { app } = leaf
  const before = graph.stateOf((other) => graph.isBefore(other, leaf))
  const operations = optimizeOperations([...leaf.operations, ...migration.operations], { app, before })
  const all = [...leaf.dependencies, ...migration.dependencies].filter((each) => each.join('.') !== leaf.key)
  const [number = '', ...rest] = leaf.name.split('_')
  const isAutomatic = rest.join('_') === migrationName(leaf.operations)
  const name = options.name ?? (isAutomatic ? migrationName(operations) : rest.join('_'))
  return {
    app,
    name: `${number}_${name}`,
    replacedName: leaf.name,
    isInitial: leaf.initial,
    dependencies: [...new Map(all.map((reference) => [reference.join('.'), reference])).values()],
    operations,
  }
}
