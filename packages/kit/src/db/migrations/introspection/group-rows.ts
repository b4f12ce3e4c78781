import type { Executor, RawValue } from '../../dialects/index.ts'

/** The rows of a query as texts. */
export async function textRows(executor: Executor, sql: string): Promise<string[][]> {
  const { rows } = await executor.execute({ sql })
  return rows.map((row) => row.map(textOf))
}

const textOf = (value: RawValue): string => (value === null ? '' : String(value))

/** The rows by the text of their first column, in the order in which they came. */
export function byFirst(rows: readonly string[][]): Map<string, string[][]> {
  return Map.groupBy(rows, ([first = '']) => first)
}

/** Whether a database says yes: `t`, `1`, `YES`. */
export const isYes = (text: string | undefined): boolean => /^(t|true|1|yes)$/i.test(text ?? '')
