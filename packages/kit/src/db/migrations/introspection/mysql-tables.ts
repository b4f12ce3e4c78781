import type { Executor } from '../../dialects/index.ts'
import { byFirst, isYes, textRows } from './group-rows.ts'
import { foreignKeyFacts } from './postgresql-tables.ts'
import { byName, type IndexFacts, type TableFacts } from './table-facts.ts'

const COLUMNS = `
  select c.table_name, c.column_name, concat(c.column_type, coalesce(concat(' ', c.collation_name), ''), if(c.extra = '', '', concat(' ', c.extra))), c.is_nullable
  from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_type = 'BASE TABLE'
  order by c.table_name, c.ordinal_position`

const INDEXES = `
  select table_name, index_name, non_unique, if(collation = 'D', concat('-', column_name), column_name)
  from information_schema.statistics where table_schema = database() order by table_name, index_name, seq_in_index`

const FOREIGN_KEYS = `
  select table_name, constraint_name, referenced_table_name, column_name, referenced_column_name
  from information_schema.key_column_usage
  where table_schema = database() and referenced_table_name is not null
  order by table_name, constraint_name, ordinal_position`

export async function mysqlTables(executor: Executor): Promise<TableFacts[]> {
  const columns = byFirst(await textRows(executor, COLUMNS))
  const indexes = byFirst(await textRows(executor, INDEXES))
  const foreignKeys = byFirst(await textRows(executor, FOREIGN_KEYS))
  return Array.from(columns, ([name, rows]) => {
    const own = indexes.get(name) ?? []
    return {
      name,
      columns: byName(
        rows.map(([, column = '', type = '', nullable]) => ({ name: column, type, isNullable: isYes(nullable) })),
      ),
      primaryKey: own.filter((row) => row[1] === 'PRIMARY').map((row) => row[3] ?? ''),
      indexes: indexFacts(own.filter((row) => row[1] !== 'PRIMARY')),
      foreignKeys: foreignKeyFacts(foreignKeys.get(name) ?? []),
    }
  })
}

function indexFacts(rows: readonly string[][]): IndexFacts[] {
  const byIndex = Map.groupBy(rows, (row) => row[1] ?? '')
  return byName(
    Array.from(byIndex, ([name, parts]) => ({
      name,
      isUnique: !isYes(parts[0]?.[2]),
      isPartial: false,
      columns: parts.map((row) => row[3] ?? ''),
    })),
  )
}
