import type { MigrationReference } from '../migration.ts'
import { MigrationError } from '../migration-error.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import { keyOf } from './migration-app.ts'
import type { AppliedMigrations } from './recorder.ts'

/**
 * The migrations that are in force for a database: where one stands for others, it takes their place if the database has
 * had all of them or none, and leaves it to them if it has had some.
 */
export function resolveMigrations(
  migrations: readonly LoadedMigration[],
  isApplied: (key: string) => boolean,
): LoadedMigration[] {
  // Those that replace others which replace others come last, with all that the others have done.
  return migrations
    .filter((migration) => migration.replaces.length > 0)
    .reduce((list, squash) => resolveOne(list, squash.key, isApplied), withRunBefore(migrations))
}

/** The keys of what a migration stands for. */
export const replacedKeys = ({ replaces }: LoadedMigration): string[] => replaces.map(([app, name]) => keyOf(app, name))

/** What a database has had, where a migration that stands for others counts by them and not by its own note. */
export function appliedInForce(migrations: readonly LoadedMigration[], recorded: AppliedMigrations): AppliedMigrations {
  const applied = new Map(recorded)
  for (const migration of migrations.filter(({ replaces }) => replaces.length > 0)) {
    const moments = replacedKeys(migration).map((key) => recorded.get(key))
    if (moments.includes(undefined)) applied.delete(migration.key)
    else applied.set(migration.key, recorded.get(migration.key) ?? moments.at(-1) ?? '')
  }
  return applied
}

function resolveOne(
  migrations: readonly LoadedMigration[],
  squashKey: string,
  isApplied: (key: string) => boolean,
): LoadedMigration[] {
  const squash = migrations.find(({ key }) => key === squashKey)
  if (!squash) return [...migrations]
  const replaced = replacedKeys(squash)
  const count = replaced.filter(isApplied).length
  if (count === 0 || count === replaced.length) {
    return pointing(
      migrations.filter(({ key }) => !replaced.includes(key)),
      { from: new Set(replaced), to: [squash.app, squash.name] },
    )
  }
  const last = migrations.findLast(({ key }) => replaced.includes(key))
  const missing = replaced.filter((key) => !migrations.some((migration) => migration.key === key))
  if (!last || missing.length > 0) {
    throw new MigrationError(
      `Migration ${squash.key} replaces ${replaced.join(', ')}, of which this database has had ${count} of ${replaced.length}; but the file(s) of ${missing.join(', ')} are gone. Bring them back, migrate, and remove them then.`,
    )
  }
  const leaf = leafOf(migrations, replaced) ?? last
  return pointing(
    migrations.filter((migration) => migration !== squash),
    { from: new Set([squash.key]), to: [leaf.app, leaf.name] },
  )
}

/** The one of them that none of the others depends on. */
function leafOf(migrations: readonly LoadedMigration[], keys: readonly string[]): LoadedMigration | undefined {
  const own = migrations.filter(({ key }) => keys.includes(key))
  const needed = new Set(own.flatMap(({ dependencies }) => dependencies.map(([app, name]) => keyOf(app, name))))
  return own.find(({ key }) => !needed.has(key))
}

interface Redirection {
  readonly from: ReadonlySet<string>
  readonly to: MigrationReference
}

function pointing(migrations: readonly LoadedMigration[], { from, to }: Redirection): LoadedMigration[] {
  const isMoved = ([app, name]: MigrationReference): boolean => from.has(keyOf(app, name))
  return migrations.map((migration) => {
    if (!migration.dependencies.some(isMoved)) return migration
    const kept = migration.dependencies.filter((dependency) => !isMoved(dependency))
    const isSelf = migration.key === keyOf(...to) || kept.some((dependency) => keyOf(...dependency) === keyOf(...to))
    return { ...migration, dependencies: isSelf ? kept : [...kept, to] }
  })
}

function withRunBefore(migrations: readonly LoadedMigration[]): LoadedMigration[] {
  const early = migrations.flatMap(({ app, name, runBefore }) =>
    runBefore.map((reference): [string, MigrationReference] => [keyOf(...reference), [app, name]]),
  )
  if (early.length === 0) return [...migrations]
  return migrations.map((migration) => {
    const more = early.filter(([key]) => key === migration.key).map(([, reference]) => reference)
    return more.length === 0 ? migration : { ...migration, dependencies: [...migration.dependencies, ...more] }
  })
}
