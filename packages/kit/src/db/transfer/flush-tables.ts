import type { Database, DialectName } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'

/** The statements that remove all rows of models and let counted ids begin anew. */
export function flushStatements(dialect: DialectName, models: readonly AnyModel[]): string[] {
  const tables = models.map(({ table }) => table)
  switch (dialect) {
    case 'postgresql':
      return [`truncate ${tables.map((table) => `"${table}"`).join(', ')} restart identity cascade`]
    case 'mysql':
      return [
        'set foreign_key_checks = 0',
        ...tables.map((table) => `truncate table \`${table}\``),
        'set foreign_key_checks = 1',
      ]
    case 'sqlite': {
      const counted = models.filter(({ idKind }) => idKind === 'bigint').map(({ table }) => `'${table}'`)
      return [
        ...tables.map((table) => `delete from "${table}"`),
        ...(counted.length > 0 ? [`delete from sqlite_sequence where name in (${counted.join(', ')})`] : []),
      ]
    }
  }
}

/** Removes all rows of models, of every business. What tells which migrations are applied stays. */
export async function flushTables(database: Database, models: readonly AnyModel[]): Promise<void> {
  const session = await database.session()
  try {
    // Tables that point at each other are emptied one after the other.
    if (database.dialect === 'sqlite') await session.execute({ sql: 'pragma foreign_keys = off' })
    const transaction = await session.begin()
    for (const sql of flushStatements(database.dialect, models)) await transaction.execute({ sql })
    await transaction.commit()
  } finally {
    await session.release()
  }
}
