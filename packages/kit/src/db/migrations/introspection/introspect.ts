import type { DialectName, Executor, RawValue } from '../../dialects/index.ts'
import { OWN_TABLES } from '../own-tables.ts'
import { MYSQL_QUERIES } from './mysql-queries.ts'
import { POSTGRESQL_QUERIES } from './postgresql-queries.ts'
import { rowSecurityFacts } from './row-security-facts.ts'
import { SQLITE_QUERIES } from './sqlite-queries.ts'
import {
  byColumns,
  byName,
  type CheckFacts,
  type ForeignKeyFacts,
  type IndexFacts,
  type TableFacts,
} from './table-facts.ts'
import type { TableQueries } from './table-queries.ts'

const QUERIES: Readonly<Record<DialectName, TableQueries>> = {
  postgresql: POSTGRESQL_QUERIES,
  sqlite: SQLITE_QUERIES,
  mysql: MYSQL_QUERIES,
}

/** Asks a database for its tables, without those that remember migrations. */
export async function introspect(executor: Executor, dialect: DialectName): Promise<TableFacts[]> {
  const queries = QUERIES[dialect]
  const columns = await rowsByTable(executor, queries.columns)
  const indexes = await rowsByTable(executor, queries.indexes)
  const foreignKeys = await rowsByTable(executor, queries.foreignKeys)
  const checks = await rowsByTable(executor, queries.checks)
  const rowSecurity = queries.rowSecurity
    ? await rowsByTable(executor, queries.rowSecurity)
    : new Map<string, string[][]>()
  const tables = Array.from(columns, ([name, rows]): TableFacts => {
    const own = indexes.get(name) ?? []
    return {
      name,
      columns: byName(
        rows.map(([, column = '', type = '', nullable]) => ({ name: column, type, isNullable: isYes(nullable) })),
      ),
      primaryKey: own.filter((row) => isYes(row[2])).map((row) => row[5] ?? ''),
      indexes: indexFacts(own.filter((row) => !isYes(row[2]))),
      foreignKeys: foreignKeyFacts(foreignKeys.get(name) ?? []),
      checks: byName((checks.get(name) ?? []).flatMap(checkFacts)),
      rowSecurity: rowSecurityFacts(rowSecurity.get(name) ?? []),
    }
  })
  return byName(tables).filter((table) => !OWN_TABLES.includes(table.name))
}

async function rowsByTable(executor: Executor, sql: string): Promise<Map<string, string[][]>> {
  const { rows } = await executor.execute({ sql })
  return Map.groupBy(
    rows.map((row) => row.map(textOf)),
    ([table = '']) => table,
  )
}

const textOf = (value: RawValue): string => (value === null ? '' : String(value))

/** Whether a database says yes: `t`, `1`, `YES`. */
const isYes = (text: string | undefined): boolean => /^(t|true|1|yes)$/i.test(text ?? '')

function indexFacts(rows: readonly string[][]): IndexFacts[] {
  const byIndex = Map.groupBy(rows, (row) => row[1] ?? '')
  return byName(
    Array.from(byIndex, ([name, parts]) => ({
      name,
      isUnique: isYes(parts[0]?.[3]),
      rows: rowsOf(parts[0]?.[4]),
      columns: parts.map((row) => row[5] ?? ''),
      using: parts[0]?.[6] ?? '',
    })),
  )
}

const rowsOf = (text: string | undefined): IndexFacts['rows'] => (text === 'alive' || text === 'some' ? text : 'all')

function foreignKeyFacts(rows: readonly string[][]): ForeignKeyFacts[] {
  const byKey = Map.groupBy(rows, (row) => row[1] ?? '')
  return byColumns(
    Array.from(byKey.values(), (parts) => ({
      columns: parts.map((row) => row[3] ?? ''),
      targetTable: parts[0]?.[2] ?? '',
      targetColumns: parts.map((row) => row[4] ?? ''),
    })),
  )
}

/** SQLite tells its checks only in the text of the table. */
function checkFacts([, name = '', text = '']: readonly string[]): CheckFacts[] {
  if (name !== '') return [{ name }]
  return [...text.matchAll(/constraint "([^"]+)" check/gi)].map((match) => ({ name: match[1] ?? '' }))
}
