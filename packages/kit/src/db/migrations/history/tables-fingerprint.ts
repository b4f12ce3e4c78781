import { createHash } from 'node:crypto'
import type { DialectName, Executor } from '../../dialects/index.ts'

/**
 * A hash of all that a statement could change in the tables it names: of two looks at a database, before a statement and
 * after a loss of the connection, it tells whether the statement has happened. Only MySQL needs it, where changes of
 * tables are whole, but in no transaction; elsewhere it is always the same.
 */
export async function tablesFingerprint(executor: Executor, dialect: DialectName, sql: string): Promise<string> {
  if (dialect !== 'mysql') return ''
  const { rows } = await executor.execute({ sql: 'show full tables' })
  const all = rows.map(([name]) => String(name))
  const parts = [...all]
  for (const name of all.filter((table) => sql.includes(table))) {
    const created = await executor.execute({ sql: `show create table \`${name.replaceAll('`', '``')}\`` })
    // Rows that come in meanwhile count it up.
    parts.push(String(created.rows[0]?.[1]).replace(/ AUTO_INCREMENT=\d+/, ''))
  }
  if (/\b(trigger|procedure|function)\b/i.test(sql)) parts.push(...(await routines(executor)))
  return hashOf(parts)
}

export function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

async function routines(executor: Executor): Promise<string[]> {
  const { rows } = await executor.execute({
    sql: `select trigger_name, action_statement from information_schema.triggers where trigger_schema = database()
      union all select routine_name, routine_definition from information_schema.routines where routine_schema = database() order by 1, 2`,
  })
  return rows.map((row) => row.join(' '))
}
