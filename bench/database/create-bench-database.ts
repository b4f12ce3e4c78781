import type { BenchDatabase } from './bench-database.ts'
import { createPostgresqlBenchDatabase } from './postgresql-bench-database.ts'
import { createSqliteBenchDatabase } from './sqlite-bench-database.ts'

const USUAL_SERVER = 'postgresql://root@127.0.0.1:5432/postgres'

/**
 * Makes the database of a run: on the PostgreSQL server at `url`, or in a file if that is `sqlite:`. Without `url`, on
 * the PostgreSQL of this machine, or else in a file.
 *
 * @throws if the server at `url` does not let us
 */
export async function createBenchDatabase(url: string | null): Promise<BenchDatabase> {
  if (url?.startsWith('sqlite:')) return createSqliteBenchDatabase()
  if (url !== null) return createAt(url)
  try {
    return await createPostgresqlBenchDatabase(USUAL_SERVER)
  } catch (error) {
    console.error(
      `!! No PostgreSQL at ${USUAL_SERVER} (${String(error)}): measuring on SQLite. BENCH_DATABASE_URL names another.`,
    )
    return createSqliteBenchDatabase()
  }
}

async function createAt(url: string): Promise<BenchDatabase> {
  try {
    return await createPostgresqlBenchDatabase(url)
  } catch (cause) {
    const place = URL.canParse(url) ? new URL(url).host : 'a malformed address'
    throw new Error(`Cannot create a database at ${place} (BENCH_DATABASE_URL): ${String(cause)}`, { cause })
  }
}
