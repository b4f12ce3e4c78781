import type { DialectName, DriverValue } from '../../dialects/index.ts'
import type { OwnComparison, OwnCondition } from '../../models/index.ts'
import { literal, quoteName } from './sql-text.ts'

/** A condition on a table's own columns, as SQL that its definition can hold. */
export function conditionText(condition: OwnCondition, dialect: DialectName): string {
  if (!('parts' in condition)) return comparisonText(condition, dialect)
  const parts = condition.parts.map((part) => conditionText(part, dialect))
  // What is not known is not excluded, as in queries: a null makes a comparison neither true nor false.
  if (condition.kind === 'not') return `(${parts[0] ?? '1 = 1'}) is not true`
  if (parts.length === 0) return condition.kind === 'and' ? '1 = 1' : '1 = 0'
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${condition.kind} `)})`
}

function comparisonText(comparison: OwnComparison, dialect: DialectName): string {
  const { column, lookup, values, other } = comparison
  const own = quoteName(column.column, dialect)
  const encoded = (value: unknown): string => literal(column.kind.encode(value, dialect))
  const against = (): string => (other ? quoteName(other.column, dialect) : encoded(values[0]))
  switch (lookup) {
    case 'exact':
      return values[0] === null ? `${own} is null` : `${own} = ${against()}`
    case 'gt':
      return `${own} > ${against()}`
    case 'gte':
      return `${own} >= ${against()}`
    case 'lt':
      return `${own} < ${against()}`
    case 'lte':
      return `${own} <= ${against()}`
    case 'range':
      return `${own} between ${values.map(encoded).join(' and ')}`
    case 'in':
      return `${own} in (${values.map(encoded).join(', ')})`
    case 'isnull':
      return `${own} is ${values[0] === true ? '' : 'not '}null`
    case 'contains':
    case 'startswith':
    case 'endswith':
      return patternText(own, String(values[0]), { lookup, dialect })
  }
}

interface Pattern {
  readonly lookup: 'contains' | 'startswith' | 'endswith'
  readonly dialect: DialectName
}

/** SQLite's `like` does not tell upper from lower case, but its `glob` does. */
function patternText(own: string, text: string, { lookup, dialect }: Pattern): string {
  const [escaped, any] =
    dialect === 'sqlite' ? [text.replace(/[*?[]/g, '[$&]'), '*'] : [text.replace(/[%_!]/g, '!$&'), '%']
  const pattern: DriverValue = `${lookup === 'startswith' ? '' : any}${escaped}${lookup === 'endswith' ? '' : any}`
  const quoted = literal(pattern)
  return dialect === 'sqlite' ? `${own} glob ${quoted}` : `${own} like ${quoted} escape '!'`
}
