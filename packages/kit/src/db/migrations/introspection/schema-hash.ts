import { createHash } from 'node:crypto'
import type { DialectName, Executor } from '../../dialects/index.ts'
import { introspect } from './introspect.ts'

/**
 * One short text for all tables of a database with their columns, keys and indexes: two databases of one dialect have the
 * same if and only if their tables are alike. It is not kept anywhere, and may change with the kit.
 */
export async function schemaHash(executor: Executor, dialect: DialectName): Promise<string> {
  const tables = await introspect(executor, dialect)
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16)
}
