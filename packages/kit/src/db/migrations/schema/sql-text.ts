import type { DialectName, DriverValue } from '../../dialects/index.ts'

/** A name as the dialect quotes it. */
export function quoteName(name: string, dialect: DialectName): string {
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

/**
 * A value as a literal: what `sqlmigrate` prints is what runs. A backslash is a character like any other on MySQL too, as
 * sessions of the kit have it (`no_backslash_escapes`): MariaDB cannot read a hexadecimal literal in a condition back, and
 * takes none for a comment.
 */
export function literal(value: DriverValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : String(value)
}
