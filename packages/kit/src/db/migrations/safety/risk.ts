import type { ColumnShape } from '../schema/index.ts'

/** What one statement does to those who use its table meanwhile. */
export interface Risk {
  /** `WARNING`: others wait as long as the table is large. `INFO`: worth knowing. */
  readonly level: 'WARNING' | 'INFO'
  /** What locks, rewrites or scans the table. */
  readonly reason: string
  readonly safer: string
}

/** A statement with what is known of the tables before it. */
export interface RiskySql {
  readonly sql: string
  /** The column of a table as it was, by the names in the statement. */
  column(table: string, name: string): ColumnShape | undefined
  /** Whether an index of the table, as it was, has a column that is computed: a unique set among rows not deleted has. */
  hasComputedKey(table: string): boolean
}

/** `online: true` does it, where it can. */
export const ONLINE = "Set 'online: true' in the migration"

export const warning = (reason: string, safer: string): Risk => ({ level: 'WARNING', reason, safer })
export const info = (reason: string, safer: string): Risk => ({ level: 'INFO', reason, safer })

/** The first rule that knows a statement tells its risk; null: none. */
export type RiskRule = readonly [pattern: RegExp, tell: (match: RegExpExecArray, risky: RiskySql) => Risk | null]

export function riskBy(rules: readonly RiskRule[], risky: RiskySql): Risk | null {
  for (const [pattern, tell] of rules) {
    const match = pattern.exec(risky.sql)
    if (match) return tell(match, risky)
  }
  return null
}

/** Where rows are filled by one statement, on every database. */
export const FILLS: RiskRule = [
  /^update /i,
  () =>
    warning(
      'writes rows of the whole table in one statement, which holds their locks until it is done',
      'Add the field as one that may be null, fill it in parts by a runScript() of a migration with atomic: false, and make it required then',
    ),
]

/** Code that runs still, from before, knows nothing of it. */
export const BREAKS: RiskRule = [
  / drop column |^drop table | rename column | rename to |^rename table /i,
  () =>
    info(
      'breaks code of the version before while it still runs',
      'Deploy code that does without the old name first, and migrate then',
    ),
]
