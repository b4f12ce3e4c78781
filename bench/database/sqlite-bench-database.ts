import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BenchDatabase, LoadedColumn, LoadedValue } from './bench-database.ts'

/** Makes a database in a file of its own. */
export async function createSqliteBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  return new SqliteBenchDatabase(folder)
}

class SqliteBenchDatabase implements BenchDatabase {
  readonly name = 'sqlite'
  readonly url: string
  readonly adminUrl: string
  readonly #folder: string
  readonly #database: DatabaseSync

  constructor(folder: string) {
    const path = join(folder, 'bench.sqlite3')
    this.#folder = folder
    this.#database = new DatabaseSync(path)
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 10000')
    this.url = `sqlite:///${path}`
    this.adminUrl = this.url
  }

  async version(): Promise<string> {
    return `SQLite ${String(this.#database.prepare('select sqlite_version() as version').get()?.version)}`
  }

  async load(table: string, columns: readonly LoadedColumn[], rows: readonly (readonly LoadedValue[])[]) {
    const names = columns.map(({ name }) => name).join(', ')
    const insert = this.#database.prepare(
      `insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`,
    )
    this.#database.exec('begin immediate')
    for (const row of rows) insert.run(...row.map((value, at) => storedValue(value, columns[at]?.type)))
    this.#database.exec('commit')
  }

  async deleteCreatedAfter(table: string, moment: string): Promise<void> {
    this.#database.prepare(`delete from ${table} where created_at > ?`).run(storedMoment(moment))
  }

  async settle(): Promise<void> {
    this.#database.exec('analyze; pragma wal_checkpoint(truncate)')
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  async drop(): Promise<void> {
    await this.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function storedValue(value: LoadedValue, type: LoadedColumn['type'] | undefined): string | number | null {
  if (typeof value === 'boolean') return Number(value)
  return type === 'timestamptz' && value !== null ? storedMoment(value) : value
}

/** `2026-01-31 09:30:00`, with the fraction only where there is one: texts that sort by time. */
const storedMoment = (iso: string): string => iso.replace('T', ' ').replace(/(\.0+)?Z$/, '')
