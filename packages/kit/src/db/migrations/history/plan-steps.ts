import { MigrationError } from '../migration-error.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import type { MigrationApp } from './migration-app.ts'
import type { MigrationGraph } from './migration-graph.ts'
import type { AppliedMigrations } from './recorder.ts'

/** One migration to apply, or to take back. */
export interface MigrationStep {
  readonly migration: LoadedMigration
  readonly isBackwards: boolean
}

/** Where to migrate to: everywhere, an app, or one migration of an app (a prefix of its name will do), or before the first (`zero`). */
export type Destination =
  | { readonly kind: 'all'; readonly apps: readonly string[] }
  | { readonly kind: 'zero'; readonly app: string }
  | { readonly kind: 'migration'; readonly migration: LoadedMigration }

export interface MigrationTarget {
  readonly app: string
  /** The name of a migration or the beginning of one, or `zero`. */
  readonly name?: string
}

/** @throws {MigrationError} if the app or the migration does not exist, or the name could be that of several */
export function destinationOf(
  graph: MigrationGraph,
  apps: readonly MigrationApp[],
  target: MigrationTarget | undefined,
): Destination {
  if (!target) {
    const withMigrations = apps.map((app) => app.name).filter((app) => graph.ofApp(app).length > 0)
    return { kind: 'all', apps: withMigrations.sort() }
  }
  assertApps(apps, [target.app])
  if (graph.ofApp(target.app).length === 0) throw new MigrationError(`App '${target.app}' does not have migrations.`)
  if (target.name === undefined) return { kind: 'all', apps: [target.app] }
  if (target.name === 'zero') return { kind: 'zero', app: target.app }
  return { kind: 'migration', migration: migrationByPrefix(graph, target.app, target.name) }
}

export function assertApps(apps: readonly MigrationApp[], names: readonly string[], exitCode = 1): void {
  const unknown = names.filter((name) => !apps.some((app) => app.name === name))
  if (unknown.length === 0) return
  throw new MigrationError(unknown.map((name) => `No installed app with label '${name}'.`).join('\n'), { exitCode })
}

export function migrationByPrefix(graph: MigrationGraph, app: string, prefix: string): LoadedMigration {
  const all = graph.ofApp(app)
  const matching = all.filter((migration) => migration.name.startsWith(prefix))
  const [only] = matching.filter((migration) => migration.name === prefix || matching.length === 1)
  if (only) return only
  throw new MigrationError(
    matching.length > 1
      ? `More than one migration matches '${prefix}' in app '${app}'. Please be more specific.`
      : `Cannot find a migration matching '${prefix}' from app '${app}'.`,
  )
}

/** The steps from what a database has had to where it is to be. */
export function planSteps(
  graph: MigrationGraph,
  applied: AppliedMigrations,
  destination: Destination,
): MigrationStep[] {
  const isApplied = (migration: LoadedMigration): boolean => applied.has(migration.key)
  const forwards = (migrations: readonly LoadedMigration[]): MigrationStep[] =>
    graph
      .withAncestors(migrations)
      .filter((migration) => !isApplied(migration))
      .map((migration) => ({ migration, isBackwards: false }))
  const backwards = (migrations: readonly LoadedMigration[]): MigrationStep[] =>
    graph
      .withDescendants(migrations)
      .filter(isApplied)
      .map((migration) => ({ migration, isBackwards: true }))
  switch (destination.kind) {
    case 'all':
      return forwards(destination.apps.flatMap((app) => graph.leaves(app)))
    case 'zero':
      return backwards(graph.ofApp(destination.app))
    case 'migration': {
      const { migration } = destination
      if (!isApplied(migration)) return forwards([migration])
      // Only what follows in the same app: other apps' migrations go where they depend on those.
      return backwards(graph.children(migration).filter((child) => child.app === migration.app))
    }
  }
}

/** @throws {MigrationError} if a migration has been applied before one that it depends on */
export function assertConsistentHistory(graph: MigrationGraph, applied: AppliedMigrations): void {
  for (const migration of graph.ordered.filter(({ key }) => applied.has(key))) {
    const missing = graph.parents(migration).find((parent) => !applied.has(parent.key))
    if (missing) {
      throw new MigrationError(
        `InconsistentMigrationHistory: Migration ${migration.key} is applied before its dependency ${missing.key}.`,
      )
    }
  }
}
