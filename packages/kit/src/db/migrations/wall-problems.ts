import { type Database, EVERY_BUSINESS } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'
import { schemaDifferences } from './introspection/index.ts'

export interface WallOptions {
  readonly database: Database
  readonly models: readonly AnyModel[]
  /** Whether PostgreSQL is to keep rows apart. */
  readonly rowSecurity: boolean
  /** Whether the database has had all migrations: until then its keys may be those of an older version. */
  readonly isMigrated: boolean
}

/**
 * What of the walls in the database does not stand, a line each, with its remedy: a role that row-level security does
 * not bind, a table of businesses without its policy, its primary key, an index or a foreign key of it. Empty: all do.
 */
export async function wallProblems(options: WallOptions): Promise<string[]> {
  const { database, models, rowSecurity, isMigrated } = options
  const role = await roleProblems(database, rowSecurity)
  const divided = new Set(models.filter(isDivided).map(({ table }) => table))
  const differences = await schemaDifferences(database, database.dialect, models)
  const walls = differences.filter(({ table, isExtra, wall }) => {
    if (isExtra || !divided.has(table)) return false
    return (wall === 'rows' && rowSecurity) || (wall === 'keys' && isMigrated)
  })
  return [
    ...role,
    ...walls.map(({ table, text, wall }) =>
      wall === 'rows'
        ? `${table}: ${text} Run 'node manage.ts migrate', which puts it back.`
        : `${table}: ${text} Somebody has changed the table by hand: make it what 'node manage.ts sqlmigrate' says.`,
    ),
  ]
}

const isDivided = ({ scope, sharedThrough }: AnyModel): boolean => scope === 'business' || sharedThrough !== null

/** Why row-level security does not hold the role of the connection, or does though it is off. */
export async function roleProblems(database: Database, rowSecurity: boolean): Promise<string[]> {
  if (database.dialect !== 'postgresql') return []
  const { rows } = await database.execute({
    sql: `select rolname, rolsuper, rolbypassrls, coalesce(current_setting('app.business', true), '')
      from pg_roles where rolname = current_user`,
  })
  const [name, isSuperuser, bypasses, setting] = rows[0] ?? []
  if (!rowSecurity) {
    if (isSuperuser === 't' || bypasses === 't' || setting === EVERY_BUSINESS) return []
    return [
      `DB_RLS is off, but the connection does not let "app.business" be set at its start (PgBouncer passes it over): no row would be seen. Set DB_RLS=true, or connect to PostgreSQL itself.`,
    ]
  }
  const remedy = `Connect as a role made by "create role app login", which may own the tables, or set DB_RLS=false.`
  if (isSuperuser === 't') return [`Row-level security does not bind the superuser ${String(name)}. ${remedy}`]
  if (bypasses === 't') return [`Row-level security does not bind ${String(name)}, who has BYPASSRLS. ${remedy}`]
  if (setting === '') return []
  return [
    `Connections of ${String(name)} begin with "app.business" set to ${JSON.stringify(setting)}, so that what forgets its business would see rows. Run: alter role ${JSON.stringify(name)} reset app.business (or alter database … reset app.business).`,
  ]
}
