import type { DialectName } from '../../dialects/index.ts'
import {
  type AppliedMigrations,
  type LoadedMigration,
  loadMigrations,
  type MigrationApp,
  operationChanges,
} from '../history/index.ts'
import { paperSink, SchemaEditor, type StateChange, type TableShape, tableShape } from '../schema/index.ts'
import { MYSQL_RISKS } from './mysql-risks.ts'
import { POSTGRESQL_RISKS } from './postgresql-risks.ts'
import { type Risk, type RiskRule, type RiskySql, riskBy } from './risk.ts'

export interface MigrationRisk extends Risk {
  /** `clients.0002_client_phone` */
  readonly migration: string
  /** `Add field phone to client` */
  readonly operation: string
  readonly dialect: DialectName
}

export interface MigrationRisksOptions {
  readonly apps: readonly MigrationApp[]
  /** Those of the other databases; on SQLite there is nobody beside the one who migrates. */
  readonly dialects: readonly ('postgresql' | 'mysql')[]
  /** What a database has had already: it is left out. */
  readonly applied?: AppliedMigrations
}

const RULES: Readonly<Record<'postgresql' | 'mysql', readonly RiskRule[]>> = {
  postgresql: POSTGRESQL_RISKS,
  mysql: MYSQL_RISKS,
}

/**
 * What in the migrations locks, rewrites or scans a table that may be large and in use, one entry for each operation and
 * reason, with the safer way. Tables that a migration makes itself are empty, and migrations that say `reviewed` are
 * taken at their word.
 */
export async function migrationRisks(options: MigrationRisksOptions): Promise<MigrationRisk[]> {
  const { apps, dialects, applied = new Map() } = options
  const graph = await loadMigrations(apps, applied)
  const risks: MigrationRisk[] = []
  for (const migration of graph.ordered) {
    if (applied.has(migration.key) || migration.reviewed !== null) continue
    const before = graph.stateOf((other) => graph.isBefore(other, migration))
    for (const dialect of dialects) risks.push(...(await risksOf(migration, { dialect, before })))
  }
  return risks
}

interface Place {
  readonly dialect: 'postgresql' | 'mysql'
  readonly before: StateChange['from']
}

async function risksOf(migration: LoadedMigration, { dialect, before }: Place): Promise<MigrationRisk[]> {
  const made = new Set<string>()
  const risks: MigrationRisk[] = []
  for (const { operation, from, to } of operationChanges({ migration, isBackwards: false }, before)) {
    const statements: string[] = []
    const sink = paperSink(statements)
    const editor = new SchemaEditor({ dialect, version: '', sink, isOnline: migration.online })
    await operation.databaseForwards(editor, { app: migration.app, from, to })
    for (const line of statements) {
      const sql = line.replace(/;$/, '').replaceAll('\n', ' ')
      const created = /^create table ["`]([^"`]+)/i.exec(sql)?.[1]
      if (created !== undefined) made.add(created)
      if (created !== undefined || [...made].some((table) => isAbout(sql, table))) continue
      // The check that has been validated before proves it.
      if (migration.online && sql.endsWith(' set not null')) continue
      const risk = riskBy(RULES[dialect], { sql, ...tablesBefore({ from, to }, dialect) })
      if (risk) risks.push({ ...risk, dialect, migration: migration.key, operation: operation.describe() })
    }
  }
  return [...new Map(risks.map((risk) => [JSON.stringify(risk), risk])).values()]
}

/** Whether a statement changes that very table, and does not merely point to it. */
function isAbout(sql: string, table: string): boolean {
  return new RegExp(
    `^(?:alter table|update|create (?:unique )?index .* on|rename table) ["\`]?${table}["\`]?(?: |$)`,
    'i',
  ).test(sql)
}

/** Tables as they were, under the new name as well. */
function tablesBefore({ from, to }: StateChange, dialect: DialectName): Omit<RiskySql, 'sql'> {
  const shapeOf = (table: string): TableShape | undefined => {
    const label = [...to.models, ...from.models].find((model) => model.table === table)?.label
    const model = label === undefined ? undefined : from.find(label)
    return model && tableShape(model, { dialect, target: (target) => from.get(target) })
  }
  return {
    column: (table, name) => shapeOf(table)?.columns.find((column) => column.name === name),
    hasComputedKey(table) {
      const shape = shapeOf(table)
      const computed = shape?.columns.filter((column) => column.generatedAs !== null).map(({ name }) => name) ?? []
      return shape?.indexes.some((index) => index.parts.some((part) => computed.includes(part.column))) === true
    },
  }
}
