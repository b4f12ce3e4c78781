import { BREAKS, FILLS, info, ONLINE, type Risk, type RiskRule, warning } from './risk.ts'

// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
export const POSTGRESQL_RISKS: readonly RiskRule[] = [
  [/^(?:create|drop) (?:unique )?index concurrently /i, () => null],
  [
    /^create (?:unique )?index /i,
    () => warning('keeps writers out of the table while the index is built', `${ONLINE}: it is built concurrently`),
  ],
  [
    /^drop index /i,
    () => info('waits for all who use the table, and everybody behind it', `${ONLINE}: it is dropped concurrently`),
  ],
  [/ not valid$| validate constraint /i, () => null],
  [
    / add constraint .* foreign key /i,
    () =>
      warning(
        'keeps writers out of both tables while every row is looked up',
        `${ONLINE}: the key is added not valid, and validated beside the writers`,
      ),
  ],
  [
    / add constraint .* check /i,
    () =>
      warning(
        'keeps everybody out of the table while every row is looked at',
        `${ONLINE}: the check is added not valid, and validated beside the writers`,
      ),
  ],
  [
    / set not null$/i,
    () =>
      warning(
        'keeps everybody out of the table while every row is looked at',
        `${ONLINE}: a check that is validated beside the writers proves it first`,
      ),
  ],
  [
    /^alter table "([^"]+)" alter column "([^"]+)" type (.+?)( using .*)?$/i,
    ([, table = '', name = '', type = ''], risky) => typeRisk(risky.column(table, name)?.type, type),
  ],
  [
    / add column .* generated always as .* stored/i,
    () =>
      warning(
        'writes the whole table anew and keeps everybody out meanwhile',
        'Add a plain field, fill it in parts, and keep it by a trigger or a hook',
      ),
  ],
  FILLS,
  BREAKS,
]

function typeRisk(from: string | undefined, to: string): Risk | null {
  if (from !== undefined && isWider(from, to)) return null
  return warning(
    'writes the whole table anew and keeps everybody out meanwhile',
    'Add a second field of the new kind, fill it in parts, use it, and remove the first',
  )
}

/** Whether every old value is a new value as it stands, so that only the catalogue changes. */
function isWider(from: string, to: string): boolean {
  const [, before] = /^varchar\((\d+)\)/.exec(from) ?? []
  const [, after] = /^varchar\((\d+)\)/.exec(to) ?? []
  if (/^text\b/.test(to)) return /^(varchar|text)/.test(from)
  if (before !== undefined && after !== undefined) return Number(after) >= Number(before)
  const [, digits = '', places] = /^numeric\((\d+),(\d+)\)/.exec(from) ?? []
  const [, newDigits = '', newPlaces] = /^numeric\((\d+),(\d+)\)/.exec(to) ?? []
  return places !== undefined && places === newPlaces && Number(newDigits) >= Number(digits)
}
