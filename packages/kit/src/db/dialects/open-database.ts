import type { Database, DatabaseOptions } from './dialect.ts'

/**
 * Connects to a database. Only the driver that is asked for is loaded.
 *
 * @throws {DatabaseError} of kind `unavailable` if the server cannot be reached or refuses the connection
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  switch (options.dialect) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite/sqlite-database.ts')
      return openSqlite(options)
    }
    case 'postgresql': {
      const { openPostgresql } = await import('./postgresql/postgresql-database.ts')
      return openPostgresql(options)
    }
    case 'mysql': {
      const { openMysql } = await import('./mysql/mysql-database.ts')
      return openMysql(options)
    }
  }
}
