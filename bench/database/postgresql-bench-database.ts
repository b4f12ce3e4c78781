import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { BenchDatabase, LoadedColumn, LoadedValue } from './bench-database.ts'

const CONNECT_TIMEOUT_MS = 2000

/** Makes a database on the server at that address. @throws if there is no server, or it does not let us */
export async function createPostgresqlBenchDatabase(serverUrl: string): Promise<BenchDatabase> {
  const name = `bench_${randomBytes(6).toString('hex')}`
  const password = randomBytes(18).toString('base64url')
  // A role of its own: row-level security does not bind the superuser that makes databases.
  await runOnServer(serverUrl, `create role ${name} login password '${password}'`)
  await runOnServer(serverUrl, `create database ${name} owner ${name} template template0`)
  const adminUrl = new URL(serverUrl)
  adminUrl.pathname = `/${name}`
  const url = new URL(adminUrl)
  url.username = name
  url.password = password
  const client = new pg.Client({ connectionString: adminUrl.href })
  await client.connect()
  return new PostgresqlBenchDatabase(client, { serverUrl, name, url: url.href, adminUrl: adminUrl.href })
}

interface Place {
  readonly serverUrl: string
  readonly name: string
  readonly url: string
  readonly adminUrl: string
}

class PostgresqlBenchDatabase implements BenchDatabase {
  readonly name = 'postgresql'
  readonly url: string
  readonly adminUrl: string
  readonly #client: pg.Client
  readonly #place: Place

  constructor(client: pg.Client, place: Place) {
    this.#client = client
    this.#place = place
    this.url = place.url
    this.adminUrl = place.adminUrl
  }

  async version(): Promise<string> {
    const { rows } = await this.#client.query<{ version: string }>(
      "select current_setting('server_version') as version",
    )
    return `PostgreSQL ${rows[0]?.version.split(' ')[0] ?? ''}`
  }

  async load(table: string, columns: readonly LoadedColumn[], rows: readonly (readonly LoadedValue[])[]) {
    const names = columns.map(({ name }) => name).join(', ')
    const arrays = columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')
    const values = columns.map((_, at) => rows.map((row) => row[at] ?? null))
    await this.#client.query(`insert into ${table} (${names}) select * from unnest(${arrays})`, values)
  }

  async deleteCreatedAfter(table: string, moment: string): Promise<void> {
    await this.#client.query(`delete from ${table} where created_at > $1`, [moment])
  }

  async settle(): Promise<void> {
    await this.#client.query('vacuum analyze')
    await this.#client.query('checkpoint').catch(() => {}) // only some users may
  }

  async close(): Promise<void> {
    await this.#client.end()
  }

  async drop(): Promise<void> {
    await this.close()
    const { serverUrl, name } = this.#place
    await runOnServer(serverUrl, `drop database if exists ${name} with (force)`)
    await runOnServer(serverUrl, `drop role if exists ${name}`)
  }
}

async function runOnServer(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end()
  }
}
