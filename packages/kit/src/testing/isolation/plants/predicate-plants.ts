import type { Registry } from '../../../db/index.ts'
import type { Attack } from '../attack.ts'
import { linksOf } from '../model-order.ts'
import { type BusinessPredicate, verbOf, withoutPredicates } from './business-predicates.ts'
import type { Plant } from './plant.ts'
import { tapStatements } from './tap-statements.ts'

interface Missing {
  readonly name: string
  /** Which statements. */
  readonly of: (sql: string) => boolean
  /** Which of their predicates; those of the statement itself unless it says otherwise. */
  readonly at?: (predicate: BusinessPredicate) => boolean
  /** Whether of the rows that tie users to businesses, instead of all others. */
  readonly ofLinks?: boolean
  readonly isLikely?: Plant['isLikely']
}

const isOuter = ({ depth, clause }: BusinessPredicate): boolean => depth === 0 && clause === 'where'
const isRead = (sql: string): boolean => verbOf(sql) === 'select'
const isPage = (sql: string): boolean => isRead(sql) && / limit \d+/.test(sql)
const readsIds = (sql: string): boolean => /^select ["`]t0["`]\.["`]id["`] as ["`]f0["`] from/.test(sql)
const isSearch = (sql: string): boolean => isRead(sql) && / like | ilike |instr\(| glob /.test(sql)
const binsRows = (sql: string): boolean => /set .*["`]deleted_at["`] = .* where .*["`]deleted_at["`] is null/.test(sql)
const restoresRows = (sql: string): boolean =>
  /set .*["`]deleted_at["`] = .* where .*["`]deleted_at["`] is not null/.test(sql)

function asksAcross({ query }: Attack): boolean {
  return query.some(([name, value]) => name.includes('__') || value.includes('__'))
}

const MISSING: readonly Missing[] = [
  { name: 'the predicate of a page of rows', of: (sql) => isPage(sql) && !isSearch(sql), at: isOuter },
  {
    name: 'the predicate of the count beside a page',
    of: isPage,
    at: ({ depth, clause }) => depth > 0 && clause === 'where',
  },
  {
    name: 'the predicate of a search',
    of: isSearch,
    at: isOuter,
    isLikely: ({ query }) => query.some(([name]) => name === 'search' || name.endsWith('contains')),
  },
  {
    name: 'the predicate of the rows that another points to or is pointed to by',
    of: isRead,
    at: ({ depth, opener }) => depth > 0 && opener === 'exists',
    isLikely: asksAcross,
  },
  {
    name: 'the predicate of a row by its id',
    of: (sql) => isRead(sql) && !isPage(sql) && !readsIds(sql) && !/count\(|group by/.test(sql),
    at: isOuter,
  },
  { name: 'the predicate of a count by itself', of: (sql) => /^select count\(\*\)/.test(sql), at: isOuter },
  { name: 'the predicate of a sum by groups', of: (sql) => isRead(sql) && sql.includes('group by'), at: isOuter },
  {
    name: 'the predicate of a joined table',
    of: isRead,
    at: ({ clause, depth }) => clause === 'on' && depth === 0,
    isLikely: asksAcross,
  },
  {
    name: 'the predicate of a joined table in a count',
    of: isRead,
    at: ({ clause, depth }) => clause === 'on' && depth === 1,
    isLikely: asksAcross,
  },
  {
    name: 'the predicate of an update',
    of: (sql) => verbOf(sql) === 'update' && !binsRows(sql) && !restoresRows(sql),
    at: isOuter,
  },
  { name: 'the predicate of a deletion into the bin', of: binsRows, at: isOuter },
  { name: 'the predicate of a restoration', of: restoresRows, at: isOuter },
  { name: 'the predicate of a deletion', of: (sql) => verbOf(sql) === 'delete', at: isOuter },
  { name: 'the predicate of the check of foreign keys', of: readsIds, at: isOuter },
  { name: 'the predicate of every statement that reads', of: isRead, at: () => true },
  { name: 'the predicate of every statement that writes', of: (sql) => !isRead(sql), at: () => true },
  {
    name: 'the predicate of the members of a business',
    of: isRead,
    at: ({ depth, opener }) => depth > 0 && opener === 'in',
    ofLinks: true,
  },
  {
    name: 'the business of a membership that a token stands on',
    of: (sql) => isRead(sql) && !isPage(sql),
    at: isOuter,
    ofLinks: true,
  },
  { name: 'the business of a membership that a switch asks for', of: isPage, at: isOuter, ofLinks: true },
]

/** Statements without the predicate that holds them inside the business, one kind at a time. */
export const PREDICATE_PLANTS: readonly Plant[] = MISSING.map(
  ({ name, of, at = isOuter, ofLinks = false, isLikely }) => ({
    name,
    ...(isLikely && { isLikely }),
    inServer: ({ built, occasions }) => {
      const { database, registry } = built.store
      const isWanted = tableTest(registry, ofLinks)
      const sql = (text: string): string =>
        of(text) ? withoutPredicates(text, (predicate) => isWanted(predicate) && at(predicate)) : text
      tapStatements(database, { sql }, occasions)
    },
  }),
)

function tableTest(registry: Registry, ofLinks: boolean): (predicate: BusinessPredicate) => boolean {
  const links = new Set(Array.from(linksOf(registry), ({ table }) => table))
  return ({ table }) => links.has(table) === ofLinks
}
