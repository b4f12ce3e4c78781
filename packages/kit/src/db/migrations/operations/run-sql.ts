import type { DialectName } from '../../dialects/index.ts'
import type { SchemaEditor } from '../schema/index.ts'
import type { ElidableOptions, Operation } from './operation.ts'

/** One statement, or several in order. */
export type SqlText = string | readonly string[]

/** SQL that is the same everywhere, or one for each database; a database that is left out has nothing to do. */
export type SqlByDialect = SqlText | { readonly [Dialect in DialectName]?: SqlText }

/**
 * Runs SQL. Without `reverse` there is no way back over it.
 *
 * @example
 * runSql({ postgresql: 'create extension if not exists pg_trgm' }, { postgresql: [] })
 */
export function runSql(sql: SqlByDialect, reverse?: SqlByDialect, options: ElidableOptions = {}): Operation {
  const { isElidable = false } = options
  return {
    name: 'runSql',
    args: isElidable ? null : [sql, ...(reverse === undefined ? [] : [reverse])],
    isReversible: reverse !== undefined,
    isElidable,
    fragment: null,
    describe: () => 'Raw SQL operation',
    stateForwards: (state) => state,
    databaseForwards: (editor) => runAll(editor, sql),
    databaseBackwards: (editor) => runAll(editor, reverse ?? []),
  }
}

async function runAll(editor: SchemaEditor, sql: SqlByDialect): Promise<void> {
  for (const statement of statementsFor(sql, editor.dialect)) await editor.run(statement)
}

function statementsFor(sql: SqlByDialect, dialect: DialectName): readonly string[] {
  if (typeof sql === 'string') return [sql]
  if (isList(sql)) return sql
  const own = sql[dialect] ?? []
  return typeof own === 'string' ? [own] : own
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(sql: Exclude<SqlByDialect, string>): sql is readonly string[] {
  return Array.isArray(sql)
}
