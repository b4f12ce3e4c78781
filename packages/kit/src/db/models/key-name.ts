import { createHash } from 'node:crypto'

/** PostgreSQL cuts names at 63 bytes, MySQL refuses more than 64. */
const MAX_LENGTH = 60

export type KeyKind = 'uniq' | 'idx' | 'fk' | 'pk' | 'check'

/**
 * The name of a key or an index, the same on every database and for ever: `clients_client_email_uniq`. Names that would
 * be too long are cut, and told apart by a hash; so are those of keys with something special to them, such as a condition.
 */
export function keyName(
  table: string,
  columns: readonly string[],
  kind: KeyKind,
  special: readonly string[] = [],
): string {
  const words = [table, ...columns.map((column) => column.replace(/^-/, ''))].join('_')
  const isPlain = special.length === 0 && columns.every((column) => !column.startsWith('-'))
  if (isPlain && words.length + kind.length < MAX_LENGTH) return `${words}_${kind}`
  const hash = createHash('sha256')
    .update([table, ...columns, ...special].join('\0'))
    .digest('hex')
    .slice(0, 8)
  return `${words.slice(0, MAX_LENGTH - hash.length - kind.length - 2).replace(/_$/, '')}_${hash}_${kind}`
}
