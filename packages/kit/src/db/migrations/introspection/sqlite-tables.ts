import type { Executor } from '../../dialects/index.ts'
import { isYes, textRows } from './group-rows.ts'
import { foreignKeyFacts } from './postgresql-tables.ts'
import { byName, type IndexFacts, type TableFacts } from './table-facts.ts'

const TABLES = "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'"

export async function sqliteTables(executor: Executor): Promise<TableFacts[]> {
  const tables: TableFacts[] = []
  for (const [name = ''] of await textRows(executor, TABLES)) tables.push(await tableFacts(executor, name))
  return tables
}

async function tableFacts(executor: Executor, name: string): Promise<TableFacts> {
  const of = `'${name.replaceAll("'", "''")}'`
  const columns = await textRows(executor, `select name, type, "notnull", pk from pragma_table_info(${of})`)
  const keyColumns = columns.filter((row) => row[3] !== '0')
  const foreignKeys = await textRows(
    executor,
    `select ${of}, id, "table", "from", "to" from pragma_foreign_key_list(${of}) order by id, seq`,
  )
  return {
    name,
    columns: byName(
      columns.map(([column = '', type = '', notNull]) => ({ name: column, type, isNullable: !isYes(notNull) })),
    ),
    primaryKey: keyColumns.sort((left, right) => Number(left[3]) - Number(right[3])).map((row) => row[0] ?? ''),
    indexes: await indexFacts(executor, of),
    foreignKeys: foreignKeyFacts(foreignKeys),
  }
}

async function indexFacts(executor: Executor, of: string): Promise<IndexFacts[]> {
  const rows = await textRows(
    executor,
    `select l.name, l."unique", l.partial, case when x."desc" then '-' else '' end || x.name
     from pragma_index_list(${of}) l, pragma_index_xinfo(l.name) x
     where l.origin <> 'pk' and x.key = 1 order by l.name, x.seqno`,
  )
  const byIndex = Map.groupBy(rows, (row) => row[0] ?? '')
  return byName(
    Array.from(byIndex, ([name, parts]) => ({
      name,
      isUnique: isYes(parts[0]?.[1]),
      isPartial: isYes(parts[0]?.[2]),
      columns: parts.map((row) => row[3] ?? ''),
    })),
  )
}
