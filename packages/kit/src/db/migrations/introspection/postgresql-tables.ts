import type { Executor } from '../../dialects/index.ts'
import { byFirst, isYes, textRows } from './group-rows.ts'
import { byColumns, byName, type ForeignKeyFacts, type IndexFacts, type TableFacts } from './table-facts.ts'

const COLUMNS = `
  select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || coalesce(' ' || nullif(o.collname, 'default'), ''), not a.attnotnull
  from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_collation o on o.oid = a.attcollation
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`

const INDEXES = `
  select t.relname, i.relname, x.indisprimary, x.indisunique, x.indpred is not null,
    case when x.indoption[k.position - 1] & 1 = 1 then '-' else '' end || a.attname
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class t on t.oid = x.indrelid
  cross join lateral unnest(x.indkey) with ordinality as k(number, position)
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
  where t.relnamespace = current_schema()::regnamespace
  order by t.relname, i.relname, k.position`

const FOREIGN_KEYS = `
  select t.relname, c.conname, f.relname, a.attname, b.attname
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_class f on f.oid = c.confrelid
  cross join lateral unnest(c.conkey, c.confkey) with ordinality as k(own, other, position)
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.own
  join pg_attribute b on b.attrelid = f.oid and b.attnum = k.other
  where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace
  order by t.relname, c.conname, k.position`

export async function postgresqlTables(executor: Executor): Promise<TableFacts[]> {
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
      primaryKey: own.filter((row) => isYes(row[2])).map((row) => row[5] ?? ''),
      indexes: indexFacts(own.filter((row) => !isYes(row[2]))),
      foreignKeys: foreignKeyFacts(foreignKeys.get(name) ?? []),
    }
  })
}

function indexFacts(rows: readonly string[][]): IndexFacts[] {
  const byIndex = Map.groupBy(rows, (row) => row[1] ?? '')
  return byName(
    Array.from(byIndex, ([name, parts]) => ({
      name,
      isUnique: isYes(parts[0]?.[3]),
      isPartial: isYes(parts[0]?.[4]),
      columns: parts.map((row) => row[5] ?? ''),
    })),
  )
}

/** Rows of (table, name, target, column, target column). */
export function foreignKeyFacts(rows: readonly string[][]): ForeignKeyFacts[] {
  const byKey = Map.groupBy(rows, (row) => row[1] ?? '')
  return byColumns(
    Array.from(byKey.values(), (parts) => ({
      columns: parts.map((row) => row[3] ?? ''),
      targetTable: parts[0]?.[2] ?? '',
      targetColumns: parts.map((row) => row[4] ?? ''),
    })),
  )
}
