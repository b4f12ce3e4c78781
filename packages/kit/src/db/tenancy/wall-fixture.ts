import {
  type Compilable,
  DummyDriver,
  type Generated,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { TenancyCatalogue, TenancyTable } from './tenancy-catalogue.ts'
import { TenancyPlugin } from './tenancy-plugin.ts'

/** Three tables of businesses, one that all share, and the users, whom memberships tie to businesses. */
export interface Tables {
  clients_client: Row & { name: string; owner_id: number | null; credit: number }
  clients_order: Row & { name: string; client_id: number | null; credit: number }
  business_membership: Row & { user_id: number; name: string; credit: number }
  config_country: { id: Generated<number>; name: string; credit: number }
  account_user: { id: Generated<number>; name: string; credit: number }
}

interface Row {
  id: Generated<number>
  business_id: Generated<string>
}

const TABLES: readonly TenancyTable[] = [
  { table: 'clients_client', scope: 'business', businessColumn: 'business_id' },
  { table: 'clients_order', scope: 'business', businessColumn: 'business_id' },
  { table: 'business_membership', scope: 'business', businessColumn: 'business_id' },
  { table: 'config_country', scope: 'global' },
  {
    table: 'account_user',
    scope: 'global',
    sharedThrough: { table: 'business_membership', column: 'user_id', businessColumn: 'business_id' },
  },
]

export const catalogue: TenancyCatalogue = {
  find: (name) => TABLES.find(({ table }) => table === name),
  names: () => TABLES.map(({ table }) => table),
}

export function compilerOf(dialect: DialectName): QueryCompiler {
  if (dialect === 'sqlite') return new SqliteQueryCompiler()
  return dialect === 'mysql' ? new MysqlQueryCompiler() : new PostgresQueryCompiler()
}

/** Kysely without a wall and without a database. */
export function openBare(dialect: DialectName): Kysely<Tables> {
  const createDriver = () => new DummyDriver()
  const createQueryCompiler = () => compilerOf(dialect)
  if (dialect === 'sqlite')
    return new Kysely({
      dialect: {
        createDriver,
        createQueryCompiler,
        createAdapter: () => new SqliteAdapter(),
        createIntrospector: (db) => new SqliteIntrospector(db),
      },
    })
  if (dialect === 'mysql')
    return new Kysely({
      dialect: {
        createDriver,
        createQueryCompiler,
        createAdapter: () => new MysqlAdapter(),
        createIntrospector: (db) => new MysqlIntrospector(db),
      },
    })
  return new Kysely({
    dialect: {
      createDriver,
      createQueryCompiler,
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    },
  })
}

/** Kysely inside the business `A`, without a database. */
export function openWalled(dialect: DialectName, business: unknown = 'A', tables = catalogue): Kysely<Tables> {
  const options = { catalogue: tables, business, dialect, compiler: compilerOf(dialect) }
  return openBare(dialect).withPlugin(new TenancyPlugin(options))
}

/** The statement with its parameters written in, quoted like SQLite's names, to be read in a test. */
export function textOf(query: Compilable<unknown>): string {
  const { sql, parameters } = query.compile()
  let index = 0
  const numbered = sql.replaceAll('`', '"').replace(/\$(\d+)|\?/g, (_, number?: string) => {
    const value = parameters[number === undefined ? index : Number(number) - 1]
    index += 1
    return typeof value === 'string' ? `'${value}'` : String(value)
  })
  return numbered.replaceAll('"', '')
}
