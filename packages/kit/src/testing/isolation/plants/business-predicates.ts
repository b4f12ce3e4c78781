/** A comparison of a business column in a statement, and the place where it stands. */
export interface BusinessPredicate {
  readonly start: number
  readonly end: number
  /** `select`, `update`, `delete`, `insert`. */
  readonly verb: string
  /** The word that the predicate follows in its own part of the statement: `where`, `on`. */
  readonly clause: string
  /** Parentheses around it, of subqueries. */
  readonly depth: number
  /** The word before the innermost subquery: `in`, `exists`, `select`, `from`; empty outside any. */
  readonly opener: string
  /** The table of its subquery or statement: the first after `from`, `update` or `into`. */
  readonly table: string
}

const TOKENS =
  /["`]?\w+["`]?\.["`]business_id["`] = (?:\$\d+|\?)|["`]business_id["`] = (?:\$\d+|\?)|[()]|["`]\w+["`]|\b[a-z]+\b/g
const CLAUSES = new Set(['where', 'on', 'set', 'values', 'from', 'group', 'order', 'returning', 'having'])

interface Part {
  readonly opener: string
  clause: string
  table: string
  isQuery: boolean
}

/** Finds the predicates that hold a statement inside a business. */
export function businessPredicates(sql: string): BusinessPredicate[] {
  const found: BusinessPredicate[] = []
  const parts: Part[] = [{ opener: '', clause: '', table: '', isQuery: true }]
  let last = ''
  for (const match of sql.matchAll(TOKENS)) {
    const [token] = match
    const part = innermost(parts)
    if (token === '(') parts.push({ opener: last, clause: '', table: '', isQuery: false })
    else if (token === ')') parts.pop()
    else if (token.includes('business_id')) {
      if (/ = /.test(token))
        found.push({ ...placeOf(parts), start: match.index, end: match.index + token.length, verb: verbOf(sql) })
    } else if (/^["`]/.test(token)) {
      if (part.table === '' && ['from', 'update', 'into'].includes(last)) part.table = token.slice(1, -1)
    } else {
      if (token === 'select') part.isQuery = true
      if (CLAUSES.has(token)) part.clause = token
    }
    last = token
  }
  return found
}

const innermost = (parts: readonly Part[]): Part => parts.at(-1) ?? { opener: '', clause: '', table: '', isQuery: true }

/** A parenthesis that only groups belongs to the query around it. */
function placeOf(parts: readonly Part[]): Pick<BusinessPredicate, 'clause' | 'depth' | 'opener' | 'table'> {
  const queries = parts.filter(({ isQuery }) => isQuery)
  const { clause, opener, table } = innermost(queries)
  return { clause, opener, table, depth: queries.length - 1 }
}

export const verbOf = (sql: string): string => /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? ''

/** The statement without the predicates that are chosen: they stand there still, and hold nothing. */
export function withoutPredicates(sql: string, isChosen: (predicate: BusinessPredicate) => boolean): string {
  let text = ''
  let from = 0
  for (const predicate of businessPredicates(sql).filter(isChosen)) {
    const { start, end } = predicate
    text += `${sql.slice(from, start)}(${sql.slice(start, end)} or 1 = 1)`
    from = end
  }
  return text + sql.slice(from)
}
