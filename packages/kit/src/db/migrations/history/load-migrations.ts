import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isMigration } from '../migration.ts'
import { MigrationError } from '../migration-error.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import { keyOf, type MigrationApp } from './migration-app.ts'
import { MigrationGraph } from './migration-graph.ts'
import type { AppliedMigrations } from './recorder.ts'
import { resolveMigrations } from './resolve-migrations.ts'

const FILE_NAME = /^([0-9A-Za-z]\w*)\.(?:ts|js|mjs)$/

/**
 * Reads the migrations of all apps from their files, and puts in force those that a database needs.
 *
 * @param applied what the database has had; without it, migrations that replace others are taken for them
 *
 * @throws {MigrationError} if a file cannot be read or exports no migration, or migrations depend on each other in a
 * circle or on one that is not there
 */
export async function loadMigrations(
  apps: readonly MigrationApp[],
  applied: AppliedMigrations = new Map(),
): Promise<MigrationGraph> {
  const files = await loadMigrationFiles(apps)
  return new MigrationGraph(resolveMigrations(files, (key) => applied.has(key)))
}

/** Every migration that has a file, those that are replaced among them. */
export async function loadMigrationFiles(apps: readonly MigrationApp[]): Promise<LoadedMigration[]> {
  const loaded: LoadedMigration[] = []
  for (const app of apps) {
    for (const file of await migrationFiles(app.folder)) loaded.push(await loadMigration(app, file))
  }
  return loaded
}

async function migrationFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    return names.filter((name) => FILE_NAME.test(name)).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

async function loadMigration({ name: app, folder }: MigrationApp, file: string): Promise<LoadedMigration> {
  const name = FILE_NAME.exec(file)?.[1] ?? file
  const path = join(folder, file)
  const exported = await importDefault(path)
  if (!isMigration(exported)) {
    throw new MigrationError(`Migration ${name} in app ${app} does not export default migration({ … }): ${path}`)
  }
  return { ...exported, app, name, key: keyOf(app, name) }
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href)
    return module.default
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MigrationError(`Cannot read the migration ${path}: ${reason}`, { cause })
  }
}
