import type { DialectName } from '../../dialects/index.ts'

/**
 * The same change in statements that keep nobody waiting for long: on PostgreSQL indexes are built concurrently, keys and
 * checks are added without a look at the rows and validated beside the writers.
 * Gives units: each is committed by itself, and can be run again from its start if it was broken off.
 */
export function onlineUnits(statements: readonly string[], dialect: DialectName): string[][] {
  switch (dialect) {
    case 'postgresql':
      return statements.flatMap(onPostgresql)
    case 'mysql':
      // The server changes tables beside their users by itself where it can.
      return statements.map((sql) => [sql])
    case 'sqlite':
      return [[...statements]]
  }
}

function onPostgresql(sql: string): string[][] {
  const [, unique, name, rest] = /^create (unique )?index ("[^"]+") (on .*)$/s.exec(sql) ?? []
  if (name !== undefined) {
    // A build that was broken off leaves an index behind which is not valid.
    return [[`drop index concurrently if exists ${name}`, `create ${unique ?? ''}index concurrently ${name} ${rest}`]]
  }
  const [, dropped] = /^drop index ("[^"]+")$/.exec(sql) ?? []
  if (dropped !== undefined) return [[`drop index concurrently if exists ${dropped}`]]
  const [, table, constraint] = /^alter table ("[^"]+") add constraint ("[^"]+") (?:foreign key|check) /.exec(sql) ?? []
  if (constraint !== undefined)
    return [[`${sql} not valid`], [`alter table ${table} validate constraint ${constraint}`]]
  return notNullOnPostgresql(sql)
}

/** `set not null` believes a check that has been validated, and need not look at the rows. */
function notNullOnPostgresql(sql: string): string[][] {
  const [, alter, column] = /^(alter table "[^"]+") alter column ("[^"]+") set not null$/.exec(sql) ?? []
  if (column === undefined) return [[sql]]
  return [
    [`${alter} add constraint bailiwick_not_null check (${column} is not null) not valid`],
    [`${alter} validate constraint bailiwick_not_null`],
    [sql],
    [`${alter} drop constraint bailiwick_not_null`],
  ]
}
