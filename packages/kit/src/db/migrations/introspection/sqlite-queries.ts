import type { TableQueries } from './table-queries.ts'

export const SQLITE_QUERIES: TableQueries = {
  columns: `
  select m.name, c.name, c.type || case when c.hidden in (2, 3) then ' generated' else '' end, c."notnull" = 0
  from sqlite_schema m, pragma_table_xinfo(m.name) c
  where m.type = 'table' and c.hidden <> 1 and m.name not like 'sqlite\\_%' escape '\\'`,
  indexes: `
  select m.name, l.name, l.origin = 'pk', l."unique",
    case when not l.partial then 'all' when i.sql like '% where deleted_at is null' then 'alive' else 'some' end,
    case when x."desc" then '-' else '' end || coalesce(x.name, '()'), 'btree'
  from sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x
    left join sqlite_schema i on i.type = 'index' and i.name = l.name
  where m.type = 'table' and x.key = 1
  union all
  select m.name, 'rowid', 1, 1, 'all', c.name, 'btree'
  from sqlite_schema m, pragma_table_info(m.name) c
  where m.type = 'table' and c.pk > 0
    and not exists (select 1 from pragma_index_list(m.name) l where l.origin = 'pk')`,
  foreignKeys: `
  select m.name, k.id, k."table", k."from", k."to"
  from sqlite_schema m, pragma_foreign_key_list(m.name) k where m.type = 'table' order by m.name, k.id, k.seq`,
  checks: "select name, null, sql from sqlite_schema where type = 'table'",
}
