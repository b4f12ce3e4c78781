import type { Database } from '../../dialects/index.ts'
import {
  assertApps,
  keyOf,
  type MigrationApp,
  type MigrationHistory,
  readHistory,
  recordUnapplied,
  replacedKeys,
} from '../history/index.ts'

export interface PruneOptions {
  readonly database: Database
  readonly apps: readonly MigrationApp[]
  readonly app: string
}

/** Takes from the history of a database the migrations of an app that have no file any more. Gives the lines to print. */
export async function pruneMigrations({ database, apps, app }: PruneOptions): Promise<string[]> {
  assertApps(apps, [app])
  const history = await readHistory({ dialect: database.dialect, executor: database }, apps)
  const { files, recorded } = history
  const gone = [...recorded.keys()].filter((key) => !files.some((file) => file.key === key))
  const lines = ['Pruning migrations:']
  const blocking = stillReplacing(history, gone)
  if (blocking.length > 0) {
    return [
      ...lines,
      '  Cannot use --prune because the following squashed migrations have their "replaces" attributes and may not be recorded as applied:',
      ...blocking.map((key) => `    ${key}`),
      "  Re-run 'manage migrate' if they are not marked as applied, and remove 'replaces' in their files.",
    ]
  }
  const own = gone.filter((key) => key.startsWith(keyOf(app, ''))).sort()
  if (own.length === 0) return [...lines, '  No migrations to prune.']
  for (const key of own) {
    await recordUnapplied(database, { app, name: key.slice(app.length + 1), replaces: [] }, database.dialect)
    lines.push(`  Pruning ${key}... OK`)
  }
  return lines
}

/** Migrations that stand for one whose file is gone: without its note they would not count as applied. */
function stillReplacing({ files }: MigrationHistory, gone: readonly string[]): string[] {
  return files.filter((file) => replacedKeys(file).some((key) => gone.includes(key))).map(({ key }) => key)
}
