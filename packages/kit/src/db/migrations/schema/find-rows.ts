import type { RowCheck } from './row-checks.ts'
import type { SqlSink } from './sql-sink.ts'

/** What stands in the way, in words: how many rows, and the id of one. Values are not told: they belong to businesses. */
export async function findRows(sink: SqlSink, checks: readonly RowCheck[]): Promise<string[]> {
  const found: string[] = []
  for (const check of checks) {
    const { count, sample } = await counted(sink, check)
    if (count > 0) found.push(`${check.tell(count)}, such as ${sample}`)
  }
  return found
}

interface Count {
  readonly count: number
  readonly sample: string
}

async function counted(sink: SqlSink, { sql, isRefused }: RowCheck): Promise<Count> {
  const rows = await sink.look(sql)
  if (!isRefused) return { count: Number(rows[0]?.[0] ?? 0), sample: String(rows[0]?.[1]) }
  const refused = rows.filter(([, value]) => value !== null && value !== undefined && isRefused(value))
  return { count: refused.length, sample: String(refused[0]?.[0]) }
}
