import { type DialectName, EVERY_BUSINESS } from '../../dialects/index.ts'
import {
  assertApps,
  loadMigrationFiles,
  loadMigrations,
  type MigrationApp,
  MigrationGraph,
  migrationByPrefix,
  operationChanges,
} from '../history/index.ts'
import { paperSink, SchemaEditor } from '../schema/index.ts'

export interface SqlMigrateOptions {
  readonly dialect: DialectName
  readonly apps: readonly MigrationApp[]
  readonly app: string
  /** The migration's name, or the beginning of it. */
  readonly name: string
  /** The SQL of the way back. */
  readonly backwards?: boolean
  /** The server's version, where it matters: MariaDB's is told from MySQL's by it. */
  readonly version?: string
}

/** The SQL that a migration runs, as lines to print. Needs no database. */
export async function sqlMigrate(options: SqlMigrateOptions): Promise<string[]> {
  const { dialect, apps, version = '', backwards = false } = options
  assertApps(apps, [options.app])
  const graph = await graphWith(options)
  const migration = migrationByPrefix(graph, options.app, options.name)
  const ancestors = new Set(graph.withAncestors([migration]))
  const before = graph.stateOf((other) => other !== migration && ancestors.has(other))
  const lines: string[] = []
  for (const { operation, from, to } of operationChanges({ migration, isBackwards: backwards }, before)) {
    const own: string[] = []
    const editor = new SchemaEditor({ dialect, version, sink: paperSink(own), isOnline: migration.online })
    const change = { app: migration.app, from, to }
    await (backwards ? operation.databaseBackwards(editor, change) : operation.databaseForwards(editor, change))
    lines.push('--', `-- ${operation.describe()}`, '--', ...(own.length === 0 ? ['-- (no-op)'] : own))
  }
  const isOneTransaction = migration.atomic && !migration.online && dialect !== 'mysql'
  return isOneTransaction
    ? ['BEGIN;', ...rowsOfAll(dialect, 'set local'), ...lines, 'COMMIT;']
    : [...backslashesAsTheyAre(dialect, lines), ...rowsOfAll(dialect, 'set'), ...lines]
}

/** Sessions of the kit take no backslash for an escape, and who runs the text by hand may have one that does. */
function backslashesAsTheyAre(dialect: DialectName, lines: readonly string[]): string[] {
  const isNeeded = dialect === 'mysql' && lines.some((line) => line.includes('\\'))
  return isNeeded ? [`set sql_mode = concat(@@sql_mode, ',no_backslash_escapes');`] : []
}

/** Who runs the text by hand is held by row-level security as well. */
function rowsOfAll(dialect: DialectName, set: string): string[] {
  return dialect === 'postgresql' ? [`${set} app.business = '${EVERY_BUSINESS}';`] : []
}

/** Replaced migrations can be printed too, as long as they have files. */
async function graphWith({ apps, app, name }: SqlMigrateOptions): Promise<MigrationGraph> {
  const inForce = await loadMigrations(apps)
  const isInForce = inForce.ofApp(app).some((migration) => migration.name.startsWith(name))
  return isInForce ? inForce : new MigrationGraph(await loadMigrationFiles(apps))
}
