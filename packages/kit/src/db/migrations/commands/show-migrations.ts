import type { Database } from '../../dialects/index.ts'
import { assertApps, type MigrationApp, type MigrationHistory, readHistory } from '../history/index.ts'

export interface ShowMigrationsOptions {
  readonly database: Database
  readonly apps: readonly MigrationApp[]
  /** The apps to show, by default all. */
  readonly names?: readonly string[]
  /** `list` by app, or `plan` in the order in which they are applied. */
  readonly format?: 'list' | 'plan'
  /** With 2 also when each was applied, or what it depends on. */
  readonly verbosity?: number
}

/** Tells which migrations there are and which the database has had, as lines to print. */
export async function showMigrations(options: ShowMigrationsOptions): Promise<string[]> {
  const { database, apps, names = [], format = 'list', verbosity = 1 } = options
  assertApps(apps, names, 2)
  const history = await readHistory({ dialect: database.dialect, executor: database }, apps)
  const shown = { ...history, isVerbose: verbosity >= 2 }
  if (format === 'plan') return planLines(names, shown)
  const sorted = (names.length > 0 ? [...names] : apps.map((app) => app.name)).sort()
  return sorted.flatMap((app) => [app, ...listLines(app, shown)])
}

interface Shown extends MigrationHistory {
  readonly isVerbose: boolean
}

function listLines(app: string, { graph, applied, recorded, isVerbose }: Shown): string[] {
  const migrations = graph.ofApp(app)
  if (migrations.length === 0) return [' (no migrations)']
  return migrations.map(({ key, name, replaces }) => {
    const title = replaces.length === 0 ? name : `${name} (${replaces.length} squashed migrations)`
    const appliedAt = applied.get(key)
    if (appliedAt === undefined) return ` [ ] ${title}`
    if (!recorded.has(key)) return ` [-] ${title} run 'manage migrate' to finish recording.`
    return ` [X] ${title}${isVerbose ? ` (applied at ${appliedAt.slice(0, 19)})` : ''}`
  })
}

function planLines(names: readonly string[], { graph, applied, isVerbose }: Shown): string[] {
  const wanted = graph.ordered.filter(({ app }) => names.length === 0 || names.includes(app))
  const lines = graph.withAncestors(wanted).map(({ key, dependencies }) => {
    const needs = dependencies.map((dependency) => dependency.join('.')).join(', ')
    return `[${applied.has(key) ? 'X' : ' '}]  ${key}${isVerbose && needs ? ` ... (${needs})` : ''}`
  })
  return lines.length > 0 ? lines : ['(no migrations)']
}
