import type { Executor } from '../../dialects/index.ts'
import { letRowsGo, POLICY_NAME } from '../schema/index.ts'

/** The policies of shared tables, each with the tables that it reads beside its own. */
const SHARED_POLICIES = `
  select t.relname, r.relname
  from pg_policy p
  join pg_class t on t.oid = p.polrelid
  join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
  join pg_class r on r.oid = d.refobjid and r.oid <> t.oid
  where p.polname = '${POLICY_NAME}' and t.relnamespace = current_schema()::regnamespace
  group by t.relname, r.relname`

/**
 * Takes away the policies of shared tables that read any of these tables, or are theirs: PostgreSQL would not let a
 * column go, or change its type, that a policy of another table reads. `restorePolicies` puts them back.
 */
export async function policiesAway(executor: Executor, tables: ReadonlySet<string>): Promise<void> {
  const { rows } = await executor.execute({ sql: SHARED_POLICIES })
  const inTheWay = rows.filter((row) => row.some((table) => tables.has(String(table))))
  for (const table of new Set(inTheWay.map(([own]) => String(own)))) {
    for (const sql of letRowsGo(table)) await executor.execute({ sql })
  }
}
