import type { DialectName, DriverValue } from '../../dialects/index.ts'

/** A name as the dialect quotes it. */
export function quoteName(name: string, dialect: DialectName): string {
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

/** A value as a literal: what `sqlmigrate` prints is what runs. */
export function literal(value: DriverValue, dialect: DialectName): string {
  if (value === null) return 'null'
  if (typeof value !== 'string') {
    return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : String(value)
  }
  // Whether MySQL takes a backslash for an escape depends on the server's mode; hexadecimal means the same in all.
  if (dialect === 'mysql' && value.includes('\\')) return `_utf8mb4 x'${Buffer.from(value, 'utf8').toString('hex')}'`
  return `'${value.replaceAll("'", "''")}'`
}
