import type { TableQueries } from './table-queries.ts'

export const POSTGRESQL_QUERIES: TableQueries = {
  columns: `
  select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || coalesce(' ' || nullif(o.collname, 'default'), '') || case when a.attgenerated = '' then '' else ' generated' end, not a.attnotnull
  from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_collation o on o.oid = a.attcollation
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`,
  indexes: `
  select t.relname, i.relname, x.indisprimary, x.indisunique,
    case
      when x.indpred is null then 'all'
      when pg_get_expr(x.indpred, x.indrelid) = '(deleted_at IS NULL)' then 'alive'
      else 'some'
    end,
    case
      when k.position > x.indnkeyatts then '+' || a.attname
      when x.indoption[k.position - 1] & 1 = 1 then '-' || coalesce(a.attname, '()')
      else coalesce(a.attname, '()')
    end,
    m.amname
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class t on t.oid = x.indrelid
  cross join lateral unnest(x.indkey) with ordinality as k(number, position)
  join pg_am m on m.oid = i.relam
  left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number and k.number > 0
  where t.relnamespace = current_schema()::regnamespace
  order by t.relname, i.relname, k.position`,
  foreignKeys: `
  select t.relname, c.conname, f.relname, a.attname, b.attname
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_class f on f.oid = c.confrelid
  cross join lateral unnest(c.conkey, c.confkey) with ordinality as k(own, other, position)
  join pg_attribute a on a.attrelid = t.oid and a.attnum = k.own
  join pg_attribute b on b.attrelid = f.oid and b.attnum = k.other
  where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace
  order by t.relname, c.conname, k.position`,
  checks: `
  select t.relname, c.conname
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  where c.contype = 'c' and t.relnamespace = current_schema()::regnamespace`,
  rowSecurity: `
  select c.relname, c.relrowsecurity, c.relforcerowsecurity, p.polname,
    case when p.polcmd = '*' and p.polroles = '{0}' then '*' else p.polcmd::text || p.polroles::text end,
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
  from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polpermissive
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and (c.relrowsecurity or p.oid is not null)
  order by c.relname, p.polname`,
}
