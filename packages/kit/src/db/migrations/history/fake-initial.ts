import type { DialectName, Executor } from '../../dialects/index.ts'
import { differencesBetween, inPlainTypes, introspect, wantedTables } from '../introspection/index.ts'
import { MigrationError } from '../migration-error.ts'
import type { ProjectState } from '../project-state.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import { stateAfter } from './migration-graph.ts'

/**
 * Whether a database has all tables of an app's first migration already, from before there were migrations.
 *
 * @throws {MigrationError} if it has them, but they are not what the migration makes
 */
export async function hasInitialTables(
  migration: LoadedMigration,
  before: ProjectState,
  { executor, dialect }: { readonly executor: Executor; readonly dialect: DialectName },
): Promise<boolean> {
  const isFirst = migration.initial || !migration.dependencies.some(([app]) => app === migration.app)
  if (!isFirst) return false
  const after = stateAfter(migration, before)
  const created = new Set(after.models.filter(({ label }) => !before.find(label)).map(({ table }) => table))
  const found = (await introspect(executor, dialect)).filter(({ name }) => created.has(name))
  if (created.size === 0 || found.length < created.size) return false
  const wanted = wantedTables(after.models, dialect).filter(({ name }) => created.has(name))
  const wrong = differencesBetween(wanted, inPlainTypes(found, dialect)).filter(({ isExtra }) => !isExtra)
  if (wrong.length === 0) return true
  const list = wrong.map(({ table, text }) => `  ${table}: ${text}`).join('\n')
  throw new MigrationError(
    `Cannot fake ${migration.key}: its tables are there, but they are not what it makes.\n${list}\nMake them so by hand, or note it as it is with --fake.`,
  )
}
