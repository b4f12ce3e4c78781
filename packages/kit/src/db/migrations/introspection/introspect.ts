import type { DialectName, Executor } from '../../dialects/index.ts'
import { HISTORY_TABLE } from '../history/index.ts'
import { mysqlTables } from './mysql-tables.ts'
import { postgresqlTables } from './postgresql-tables.ts'
import { sqliteTables } from './sqlite-tables.ts'
import { byName, type TableFacts } from './table-facts.ts'

/** Asks a database for its tables, without the one that remembers migrations. */
export async function introspect(executor: Executor, dialect: DialectName): Promise<TableFacts[]> {
  const tables = await tablesOf(executor, dialect)
  return byName(tables).filter((table) => table.name !== HISTORY_TABLE)
}

function tablesOf(executor: Executor, dialect: DialectName): Promise<TableFacts[]> {
  switch (dialect) {
    case 'postgresql':
      return postgresqlTables(executor)
    case 'sqlite':
      return sqliteTables(executor)
    case 'mysql':
      return mysqlTables(executor)
  }
}
