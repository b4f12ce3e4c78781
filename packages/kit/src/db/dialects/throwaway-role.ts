import { createHash } from 'node:crypto'
import type { Database, DatabaseOptions } from './dialect.ts'

const ROLE = 'bailiwick_test'

/**
 * The options under which a test works on a PostgreSQL server: those given, unless their role is one that row-level
 * security does not bind. Then a plain role is made, once for the server, to own the databases of tests.
 *
 * @throws {Error} if the role is not bound and may not make another
 */
export async function boundRole(admin: Database, server: DatabaseOptions): Promise<DatabaseOptions> {
  const { rows } = await admin.execute({
    sql: 'select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user',
  })
  const [name, isSuperuser, bypasses] = rows[0] ?? []
  if (isSuperuser !== 't' && bypasses !== 't') return server
  if (isSuperuser !== 't') {
    throw new Error(
      `Cannot test on PostgreSQL as ${String(name)} (TEST_POSTGRESQL_URL): row-level security does not bind a role with BYPASSRLS. Name a plain role that may create databases, or a superuser, with whom a plain role is made.`,
    )
  }
  const password = passwordOf(server)
  await admin.execute({ sql: createRole(password) })
  return { ...server, user: ROLE, password }
}

/** Nobody knows it who does not know how to sign in as the superuser, and all processes that test come to the same. */
function passwordOf({ host, port, user, password = '' }: DatabaseOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([ROLE, host, port, user, password]))
    .digest('base64url')
}

/** Of several processes at once, one makes it; the text of the password has no quote in it. */
function createRole(password: string): string {
  return `do $$ begin
    if not exists (select from pg_roles where rolname = '${ROLE}') then
      create role ${ROLE} login nosuperuser nobypassrls nocreatedb nocreaterole password '${password}';
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`
}
