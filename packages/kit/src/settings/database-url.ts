/** The databases that the kit runs on. MariaDB is spoken to as `mysql`. */
export type DatabaseEngine = 'sqlite' | 'postgresql' | 'mysql'

/** Where the database is. It has the shape that `openDatabase` of the `db` area takes. */
export interface DatabaseSettings {
  readonly dialect: DatabaseEngine
  /** A file path on SQLite; the database's name elsewhere. */
  readonly name: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  /** Connections at the most, on PostgreSQL and MySQL. */
  readonly poolSize: number
  /** How long a statement waits for a connection to come free. */
  readonly poolTimeoutMs?: number
  /** Whether PostgreSQL is told whose rows each statement may touch. On unless it is false. */
  readonly rowSecurity?: boolean
}

/** What an address tells of a database. */
export type DatabaseAddress = Omit<DatabaseSettings, 'poolSize' | 'poolTimeoutMs'>

const ENGINES: ReadonlyMap<string, DatabaseEngine> = new Map<string, DatabaseEngine>([
  ['sqlite', 'sqlite'],
  ['sqlite3', 'sqlite'],
  ['django.db.backends.sqlite3', 'sqlite'],
  ['postgresql', 'postgresql'],
  ['postgres', 'postgresql'],
  ['django.db.backends.postgresql', 'postgresql'],
  ['django.db.backends.postgresql_psycopg2', 'postgresql'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['django.db.backends.mysql', 'mysql'],
])

/** Reads `DB_ENGINE`, by our names or by Django's. */
export function parseEngine(value: string): DatabaseEngine | undefined {
  return ENGINES.get(value.toLowerCase())
}

/** Reads `DATABASE_URL`: `postgresql://user:password@host:5432/name`, `mysql://…`, `sqlite:///relative/path`, `sqlite:////absolute/path`. */
export function parseDatabaseUrl(value: string): DatabaseAddress | undefined {
  const scheme = /^([a-z0-9]+):\/\//.exec(value)?.[1]
  const dialect = scheme === undefined ? undefined : parseEngine(scheme)
  if (dialect === undefined) return undefined
  return dialect === 'sqlite' ? parseSqliteUrl(value) : parseServerUrl(value, dialect)
}

function parseSqliteUrl(value: string): DatabaseAddress | undefined {
  const name = /^sqlite3?:\/\/\/(.+)$/.exec(value)?.[1]
  return name === undefined ? undefined : { dialect: 'sqlite', name }
}

function parseServerUrl(value: string, dialect: DatabaseEngine): DatabaseAddress | undefined {
  const url = URL.parse(value)
  // A parameter such as `sslmode` that we would pass over might be one that someone relies on.
  if (url === null || url.search !== '' || url.hash !== '') return undefined
  try {
    const name = decodeURIComponent(url.pathname.slice(1))
    if (name === '' || name.includes('/')) return undefined
    return {
      dialect,
      name,
      ...(url.hostname !== '' && { host: url.hostname.replace(/^\[|\]$/g, '') }),
      ...(url.port !== '' && { port: Number(url.port) }),
      ...(url.username !== '' && { user: decodeURIComponent(url.username) }),
      ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    }
  } catch {
    return undefined // a percent sign that encodes nothing
  }
}
