import {
  createQueryId,
  DeleteQueryNode,
  InsertQueryNode,
  type OperationNode,
  RawNode,
  ReferenceNode,
  SelectQueryNode,
  UpdateQueryNode,
} from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import { CLAUSE_WORDS } from './clause-words.ts'
import { findForbiddenName } from './forbidden-names.ts'
import { mapChildren } from './map-children.ts'
import type { RawPlace } from './raw-place.ts'
import { outlineRaw, type RawOutline } from './raw-text.ts'
import { isDivided, type TenancyCatalogue } from './tenancy-catalogue.ts'
import { TenancyError } from './tenancy-error.ts'
import type { WallOptions } from './walk.ts'

/**
 * Lets raw SQL through only if it cannot name what the wall would have to bind, nor reach past the place it stands in.
 * The wall does not parse raw SQL: it refuses whatever it would have to understand.
 *
 * @throws {TenancyError} saying what the raw SQL holds
 */
export function checkRaw(node: RawNode, place: RawPlace, wall: WallOptions): void {
  // What Kysely itself makes for `orderBy(column, 'desc')`.
  if (node.parameters.length === 0 && node.sqlFragments.length === 1 && IS_DIRECTION.test(node.sqlFragments[0] ?? ''))
    return
  const text = flatten(node, wall)
  const table = findTableName(text, wall, place === 'source')
  if (table !== undefined)
    throw refusal(
      text,
      `it names ${table}; write that part as a query, or refer to its columns by sql.ref('table.column')`,
    )
  const forbidden = findForbiddenName(text)
  if (forbidden !== undefined) throw refusal(text, `${forbidden} could read what no business may see`)
  const outline = outlineRaw(text, wall.dialect)
  const problem = typeof outline === 'string' ? outline : PLACE_CHECKS[place](outline)
  if (problem !== undefined) throw refusal(text, problem)
}

const IS_DIRECTION = /^(?:asc|desc)$/i

function refusal(text: string, reason: string): TenancyError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
  return new TenancyError(`Cannot run the raw SQL ${JSON.stringify(shown)}: ${reason}`)
}

/**
 * The raw SQL as one text, so that a name put together from several fragments is seen whole. Left out is what is
 * checked elsewhere: queries, which are walked, and the table in `table.column`, which can only be one of the sources.
 * The column stays: on SQLite `x in "main"."clients"`, written with a ref, reads the table.
 */
function flatten(node: RawNode, { compiler }: WallOptions): string {
  return compiler.compileQuery(mapChildren(node, leaveOutChecked), createQueryId()).sql
}

function leaveOutChecked(node: OperationNode): OperationNode {
  if (isQuery(node)) return RawNode.createWithSql('(0)')
  if (ReferenceNode.is(node)) return node.table === undefined ? node : node.column
  return mapChildren(node, leaveOutChecked)
}

function isQuery(node: OperationNode): boolean {
  return SelectQueryNode.is(node) || InsertQueryNode.is(node) || UpdateQueryNode.is(node) || DeleteQueryNode.is(node)
}

function findTableName(text: string, wall: WallOptions, isAnyTable: boolean): string | undefined {
  const lower = text.toLowerCase()
  for (const name of wall.catalogue.names()) {
    if (!holdsName(lower, name.toLowerCase(), wall.dialect)) continue
    if (isAnyTable || isDividedByName(wall.catalogue, name)) return name
  }
  return undefined
}

function isDividedByName(catalogue: TenancyCatalogue, name: string): boolean {
  const table = catalogue.find(name)
  return table === undefined || isDivided(table)
}

function holdsName(text: string, name: string, dialect: DialectName): boolean {
  // PostgreSQL cuts names at 63 bytes: one of that length is also meant by any longer one that begins with it.
  const mayBeCut = dialect === 'postgresql' && Buffer.byteLength(name) >= 63
  for (let start = text.indexOf(name); start !== -1; start = text.indexOf(name, start + 1)) {
    const isEnd = mayBeCut || !IS_NAME_PART.test(text.charAt(start + name.length))
    if (isEnd && !IS_NAME_PART.test(text.charAt(start - 1))) return true
  }
  return false
}

const IS_NAME_PART = /[\p{L}\p{N}_$\u{80}-\u{ffff}]/u

const PLACE_CHECKS: Readonly<Record<RawPlace, (outline: RawOutline) => string | undefined>> = {
  statement: ({ begin }) => (STATEMENTS.has(begin) ? undefined : 'it is neither a query nor a change of rows'),
  source: (outline) => {
    if (outline.hasComma) return 'it holds several sources'
    return outline.hasParentheses ? findClause(outline) : 'it is neither a function call nor a subquery'
  },
  value: (outline) => (outline.hasComma ? 'it holds several values' : findClause(outline)),
  // It follows the predicate directly: `… where business_id = $1` must not go on with `or true`.
  lock: ({ begin }) => (LOCKS.has(begin) ? undefined : 'it does not begin with `for` or `lock`'),
  expression: findClause,
}

const STATEMENTS = new Set(['select', 'with', 'values', 'insert', 'update', 'delete'])
const LOCKS = new Set(['for', 'lock'])

function findClause({ words, end }: RawOutline): string | undefined {
  // SQLite would read the name that Kysely writes next as a table: `x in "clients"`.
  if (end === 'in') return 'it ends with `in`: write the set inside it'
  const clause = words.find(
    (word, index) => CLAUSE_WORDS.has(word) && !(word === 'from' && words[index - 1] === 'distinct'),
  )
  return clause === undefined ? undefined : `it begins a clause (${clause}) outside parentheses`
}
