import type { Registry } from '../../../db/index.ts'
import { isBusiness, isUser } from '../cast.ts'
import { linksOf } from '../model-order.ts'
import type { Plant } from './plant.ts'
import { tapStatements } from './tap-statements.ts'

interface Rewriting {
  readonly name: string
  /** The SQL of the statement without its protection. */
  readonly rewrite: (sql: string, tables: Tables) => string
  readonly endsTokensLate?: boolean
  readonly isLikely?: Plant['isLikely']
}

interface Tables {
  readonly session: string
  readonly user: string
  readonly business: string
  readonly link: string
}

const reads = (sql: string, table: string): boolean => new RegExp(`^select .* from ["\`]${table}["\`] as`).test(sql)

/** A column that is always what one would like it to be. */
const always = (sql: string, column: string, value: string): string =>
  sql.replace(new RegExp(`["\`]\\w+["\`]\\.["\`]${column}["\`] as`, 'g'), `${value} as`)

const REWRITINGS: readonly Rewriting[] = [
  {
    name: 'whether a session has ended',
    rewrite: (sql, { session }) => (reads(sql, session) ? always(sql, 'ended_at', 'null') : sql),
  },
  {
    name: 'whether a user is active',
    rewrite: (sql, { session }) => (reads(sql, session) ? always(sql, 'is_active', '(1 = 1)') : sql),
  },
  {
    name: 'whether a business is active',
    rewrite: (sql, { business }) => (reads(sql, business) ? always(sql, 'is_active', '(1 = 1)') : sql),
  },
  {
    name: 'whether a membership is in the bin, where a token stands on it',
    rewrite: (sql, { link }) =>
      reads(sql, link) ? sql.replace(/["`]t0["`]\.["`]deleted_at["`] is null/, '1 = 1') : sql,
  },
  {
    name: 'whether a membership is in the bin, where it shows a user',
    rewrite: (sql, { link }) =>
      sql.replaceAll(new RegExp(`["\`]${link}["\`]\\.["\`]deleted_at["\`] is null`, 'g'), '1 = 1'),
    isLikely: ({ query }) => query.some(([name]) => name === 'expand'),
  },
  {
    name: 'the news that a token is worth nothing any more',
    rewrite: (sql) => (reads(sql, 'kit_revocation') ? sql.replace(/ where /, ' where 1 = 0 and ') : sql),
    endsTokensLate: true,
  },
]

/** Sign-in that goes on where it should have ended. */
export const SESSION_PLANTS: readonly Plant[] = REWRITINGS.map(
  ({ name, rewrite, endsTokensLate = false, isLikely }) => ({
    name,
    ...(isLikely && { isLikely }),
    endsTokensLate,
    inServer: ({ built, occasions }) => {
      const tables = tablesOf(built.store.registry)
      tapStatements(built.store.database, { sql: (sql) => rewrite(sql, tables) }, occasions)
    },
  }),
)

function tablesOf(registry: Registry): Tables {
  const { models } = registry
  const [link] = linksOf(registry)
  return {
    session: models.find(({ columns }) => columns.has('refresh_hash'))?.table ?? '',
    user: models.find(isUser)?.table ?? '',
    business: models.find(isBusiness)?.table ?? '',
    link: link?.table ?? '',
  }
}
