import { type CompiledQuery, type DatabaseConnection, type Driver, Kysely, type QueryResult } from 'kysely'
import { TenancyError, WalledCompiler } from '../tenancy/index.ts'
import type { QueryScope } from './query-scope.ts'
import { decodeColumn, encodeParameter } from './sql-values.ts'
import { statementName } from './store.ts'
import type { Tables } from './tables.ts'

/** Kysely on the context's executor, with every query held inside its business. */
export function createSql(ctx: QueryScope): Kysely<Tables> {
  const { store, business, reach } = ctx
  const { database, catalogue, compiler } = store
  const wall = reach === 'all' ? null : new WalledCompiler({ catalogue, business, compiler, dialect: database.dialect })
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => database.createAdapter(),
      // The wall is the compiler, not a plugin: plugins can be taken off again by `withoutPlugins()`.
      createQueryCompiler: () => wall ?? compiler,
      createDriver: () => new ContextDriver(ctx, wall),
      createIntrospector: () => {
        throw new TypeError('ctx.sql has no introspection: the tables are those of the models')
      },
    },
  })
}

const NO_TRANSACTION = 'ctx.sql runs in the transaction of its context: open one by ctx.transaction()'

class ContextDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(ctx: QueryScope, wall: WalledCompiler | null) {
    this.#connection = {
      executeQuery: async <Row>(query: CompiledQuery) => {
        if (wall && !wall.hasCompiled(query)) {
          throw new TenancyError('Cannot run SQL that was compiled elsewhere: build the query on ctx.sql itself')
        }
        return execute<Row>(ctx, query)
      },
      streamQuery: () => {
        throw new TypeError('ctx.sql does not stream: read in pages')
      },
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new TypeError(NO_TRANSACTION)
  }

  async commitTransaction(): Promise<void> {
    throw new TypeError(NO_TRANSACTION)
  }

  async rollbackTransaction(): Promise<void> {
    throw new TypeError(NO_TRANSACTION)
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

async function execute<Row>(ctx: QueryScope, { sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
  const { registry, database } = ctx.store
  const { dialect } = database
  const { name } = ctx.store.derived(`sql ${sql}`, () => ({ name: statementName(sql) }))
  const params = parameters.map((value) => encodeParameter(value, dialect))
  const { rows, columns, affected, insertId } = await ctx.executor.execute({ sql, name }, params)
  const decoders = columns.map((column) => decodeColumn(column, { registry, dialect }))
  return {
    rows: rows.map((row) => {
      const entries = columns.map(({ name: key }, at) => {
        const raw = row[at] ?? null
        return [key, raw === null ? null : decoders[at]?.(raw)] as const
      })
      return Object.fromEntries(entries) as Row // as: Kysely's own types say what the query gives
    }),
    numAffectedRows: BigInt(affected),
    ...(insertId === null ? {} : { insertId }),
  }
}
