import { type Database, type DatabaseOptions, introspect } from '../../db/index.ts'
import type { BuiltServer } from '../../manage/index.ts'
import { withoutPredicates } from './plants/business-predicates.ts'
import { tapStatements } from './plants/tap-statements.ts'

/** A wall that is not there, while another must hold by itself. */
export interface MissingWall {
  readonly name: string
  readonly inServer?: (built: BuiltServer) => void
  readonly inSchema?: (database: Database) => Promise<void>
  readonly served?: Partial<DatabaseOptions>
}

/** No statement is held inside its business any more, by whatever predicate. */
export const NO_APP_WALL: MissingWall = {
  name: 'the app holds no statement inside its business',
  inServer: ({ store }) =>
    tapStatements(store.database, { sql: (sql) => withoutPredicates(sql, () => true) }, { count: 0 }),
}

/** PostgreSQL goes by no policy any more. */
export const NO_ROW_SECURITY: MissingWall = {
  name: 'PostgreSQL keeps no rows apart',
  inSchema: async (database) => {
    for (const { name } of await introspect(database, database.dialect)) {
      await database.execute({ sql: `alter table "${name}" disable row level security, no force row level security` })
    }
  },
  served: { rowSecurity: false },
}

/** Neither: everything must come to light. */
export const NO_WALL: MissingWall = { ...NO_APP_WALL, ...NO_ROW_SECURITY, name: 'neither wall is there' }
