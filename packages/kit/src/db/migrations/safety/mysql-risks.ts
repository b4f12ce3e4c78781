import type { ColumnShape } from '../schema/index.ts'
import { BREAKS, FILLS, info, type Risk, type RiskRule, warning } from './risk.ts'

const COPIES = 'copies the table and keeps writers out meanwhile'
const IN_PARTS = 'Add a second field, fill it in parts, use it, and remove the first'

const REBUILDS =
  'makes the table anew and keeps writers out meanwhile: a unique set among rows not deleted has a computed column'
const BUNDLED = 'Do it while few write'
const DROPS = info(
  'breaks code of the version before while it still runs',
  'Deploy code that does without the old name first, and migrate then',
)

// https://mariadb.com/kb/en/innodb-online-ddl-overview/, and tried with `algorithm=` and `lock=` on 10.11.
export const MYSQL_RISKS: readonly RiskRule[] = [
  [
    / add constraint .* foreign key /i,
    () =>
      warning(
        COPIES,
        'Do it while few write; or look for rows that point to nothing, and add the key by runSql() with foreign_key_checks=0 and ALGORITHM=INPLACE',
      ),
  ],
  [/ add constraint .* check /i, () => warning(COPIES, 'Do it while few write, or let a rule of the field be enough')],
  [
    /^alter table `([^`]+)` modify column `([^`]+)` (.+)$/i,
    ([, table = '', name = '', clause = ''], risky) =>
      modifyRisk(risky.column(table, name), { clause, hasComputedKey: risky.hasComputedKey(table) }),
  ],
  [/ add column .* generated always as .* stored/i, () => warning(COPIES, 'Let it be computed when it is read')],
  [
    /^alter table `([^`]+)` add column /i,
    ([, table = ''], risky) => (risky.hasComputedKey(table) ? warning(REBUILDS, BUNDLED) : null),
  ],
  [
    /^alter table `([^`]+)` drop column /i,
    ([, table = ''], risky) => (risky.hasComputedKey(table) ? warning(COPIES, BUNDLED) : DROPS),
  ],
  [
    / add (?:unique )?index |^create (?:unique )?index /i,
    () => info('builds the index in place; readers and writers go on', 'Do it while few write: it takes time and room'),
  ],
  FILLS,
  BREAKS,
]

interface Modified {
  readonly clause: string
  readonly hasComputedKey: boolean
}

function modifyRisk(from: ColumnShape | undefined, { clause, hasComputedKey }: Modified): Risk | null {
  const to = clause.replace(/ (not )?null.*$/i, '')
  const isSameType = from === undefined || from.type === to
  if (isSameType && hasComputedKey) return warning(REBUILDS, BUNDLED)
  if (isSameType) {
    return info(
      'makes the table anew in place (ALGORITHM=INPLACE); readers and writers go on, but it takes time and room',
      'Do it while few write',
    )
  }
  return isInstant(from.type, to) ? null : warning(COPIES, IN_PARTS)
}

/** A varchar may grow at once as long as its length takes as many bytes to note: up to 63 characters, or from 64 on. */
function isInstant(from: string, to: string): boolean {
  const [, before] = /^varchar\((\d+)\)$/.exec(from) ?? []
  const [, after] = /^varchar\((\d+)\)$/.exec(to) ?? []
  if (before === undefined || after === undefined) return false
  const [short, long] = [Number(before), Number(after)]
  return long >= short && short > 63 === long > 63
}
