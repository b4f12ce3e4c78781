import type { TableQueries } from './table-queries.ts'

export const MYSQL_QUERIES: TableQueries = {
  columns: `
  select c.table_name, c.column_name, concat(c.column_type, coalesce(concat(' ', c.collation_name), ''), if(c.extra = '', '', concat(' ', c.extra))), c.is_nullable
  from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_type = 'BASE TABLE'
  order by c.table_name, c.ordinal_position`,
  indexes: `
  select table_name, index_name, index_name = 'PRIMARY', non_unique = 0, 'all', if(collation = 'D', concat('-', column_name), column_name), lower(index_type)
  from information_schema.statistics where table_schema = database() order by table_name, index_name, seq_in_index`,
  foreignKeys: `
  select table_name, constraint_name, referenced_table_name, column_name, referenced_column_name
  from information_schema.key_column_usage
  where table_schema = database() and referenced_table_name is not null
  order by table_name, constraint_name, ordinal_position`,
  // MariaDB holds each JSON column to be JSON by a check of its own, which keeps the column's first name.
  checks: `
  select t.table_name, t.constraint_name
  from information_schema.table_constraints t
  where t.table_schema = database() and t.constraint_type = 'CHECK' and not exists (
    select 1 from information_schema.check_constraints k
    where k.constraint_schema = t.table_schema and k.constraint_name = t.constraint_name and k.check_clause like 'json_valid(%'
  )`,
}
