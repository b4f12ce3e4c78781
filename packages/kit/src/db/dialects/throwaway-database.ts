import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, DatabaseOptions, DialectName } from './dialect.ts'
import { openDatabase } from './open-database.ts'
import { boundRole } from './throwaway-role.ts'

/** A database made for one test or one file of tests. */
export interface TestDatabase {
  readonly database: Database
  readonly options: DatabaseOptions
  /** The same database, as whoever made it: on PostgreSQL that may be a superuser. */
  readonly adminOptions: DatabaseOptions
  /** Closes `database` and leaves nothing behind. */
  drop(): Promise<void>
}

/** One of the databases that tests can run on here. */
export interface TestDatabaseSource {
  readonly name: DialectName
  create(): Promise<TestDatabase>
}

interface Service {
  readonly dialect: 'postgresql' | 'mysql'
  readonly variable: string
  readonly defaultUrl: string
  readonly defaultPort: number
}

const SERVICES: readonly Service[] = [
  {
    dialect: 'postgresql',
    variable: 'TEST_POSTGRESQL_URL',
    defaultUrl: 'postgresql://root@127.0.0.1:5432/test',
    defaultPort: 5432,
  },
  { dialect: 'mysql', variable: 'TEST_MYSQL_URL', defaultUrl: 'mysql://root@127.0.0.1:3306/test', defaultPort: 3306 },
]

/** Answers by its exit code. A process of its own, because tests are declared without waiting. */
const REACH_SCRIPT = `
  const [host, port] = process.argv.slice(1)
  const socket = require('node:net').connect({ host, port: Number(port) })
  socket.setTimeout(1000, () => process.exit(1))
  socket.once('connect', () => process.exit(0))
  socket.once('error', () => process.exit(1))`

/**
 * The databases that tests are to run on: SQLite, and each server that can be reached at
 * `TEST_POSTGRESQL_URL` and `TEST_MYSQL_URL`, or at its usual port on this machine.
 *
 * @throws {Error} if a server cannot be reached although its variable is set, or `REQUIRE_SERVICES` is `1`
 */
export function testDatabases(): readonly TestDatabaseSource[] {
  const servers = SERVICES.map(findServer).filter((server) => server !== null)
  return [{ name: 'sqlite', create: createSqlite }, ...servers]
}

function findServer(service: Service): TestDatabaseSource | null {
  const given = process.env[service.variable]
  // The test command sets it empty where it has found no server.
  if (given === '' && process.env.REQUIRE_SERVICES !== '1') return null
  const options = serverOptions(service, given || service.defaultUrl)
  if (canReach(options)) return { name: service.dialect, create: () => createOnServer(options) }
  if (given === undefined && process.env.REQUIRE_SERVICES !== '1') return null
  throw new Error(
    `Cannot test on ${service.dialect}: nothing answers at ${options.host}:${options.port} (${service.variable})`,
  )
}

function serverOptions({ dialect, defaultPort }: Service, address: string): DatabaseOptions {
  const url = new URL(address)
  return {
    dialect,
    name: decodeURIComponent(url.pathname.slice(1)),
    host: url.hostname,
    port: url.port === '' ? defaultPort : Number(url.port),
    ...(url.username !== '' && { user: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
  }
}

function canReach({ host = '', port = 0 }: DatabaseOptions): boolean {
  return spawnSync(process.execPath, ['-e', REACH_SCRIPT, host, String(port)]).status === 0
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'bw-test-'))
  const options: DatabaseOptions = { dialect: 'sqlite', name: join(folder, 'test.sqlite3') }
  const database = await openDatabase(options)
  const drop = async () => {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { database, options, adminOptions: options, drop }
}

/** Tests are to be refused for what they try, not for how busy the machine is. */
const PATIENCE_MS = 30_000

async function createOnServer(server: DatabaseOptions): Promise<TestDatabase> {
  const name = `bw_test_${randomBytes(8).toString('hex')}`
  const options = { ...(await createNamed(name, server)), name, poolTimeoutMs: PATIENCE_MS }
  const database = await openDatabase(options)
  const drop = async () => {
    await database.close()
    const ending = server.dialect === 'postgresql' ? ' with (force)' : ''
    await onServer(server, (admin) => admin.execute({ sql: `drop database if exists ${name}${ending}` }))
  }
  return { database, options, adminOptions: { ...server, name, poolTimeoutMs: PATIENCE_MS }, drop }
}

/** Makes the database, and tells as whom a test works on it. */
function createNamed(name: string, server: DatabaseOptions): Promise<DatabaseOptions> {
  return onServer(server, async (admin) => {
    if (server.dialect === 'mysql') {
      await admin.execute({ sql: `create database ${name} character set utf8mb4` })
      return server
    }
    const options = await boundRole(admin, server)
    const owner = options.user === server.user ? '' : ` owner ${options.user}`
    await admin.execute({ sql: `create database ${name}${owner} template template0` })
    return options
  })
}

async function onServer<Result>(server: DatabaseOptions, work: (admin: Database) => Promise<Result>): Promise<Result> {
  const admin = await openDatabase({ ...server, poolSize: 1 })
  try {
    return await work(admin)
  } finally {
    await admin.close()
  }
}
