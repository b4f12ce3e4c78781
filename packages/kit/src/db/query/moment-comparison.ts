import type { DialectName } from '../dialects/index.ts'
import { type Lookup, type MomentPart, Problem } from '../fields/index.ts'
import type { PartView } from './column-view.ts'
import type { Comparison, Condition } from './condition.ts'
import type { FieldPath } from './field-path.ts'
import { kindOfPart, momentView } from './moment-view.ts'
import { parsedValues, type ValueParser } from './parsed-values.ts'

export interface MomentComparisonParts {
  readonly path: FieldPath
  readonly part: MomentPart
  readonly lookup: Lookup
  readonly value: unknown
  readonly dialect: DialectName
  readonly parser: ValueParser
}

/** Compares a part of a date or a time, such as the year of `created_at`. Datetimes are looked at in UTC. */
export function compareMoment(parts: MomentComparisonParts): Condition | Problem {
  const { path, part, lookup, value, dialect, parser } = parts
  const view = momentView(path.column.kind, part)
  const kind = kindOfPart(part)
  const values = parsedValues({ kind, lookup, value, parser })
  if (values instanceof Problem) return values
  const isSpan = (part === 'date' || part === 'year') && lookup !== 'in'
  if (isSpan)
    return spanComparison(path, { lookup, spans: values.map((item) => spanOf(String(item), view.of)), dialect })
  const encoded = values.map((item) => kind.encode(item, dialect))
  return { path, view, operator: lookup as Comparison['operator'], values: encoded, foldsUnicode: false } // as: one of PART_LOOKUPS
}

/** The first and the last value that a date or a year stands for. */
type Span = readonly [string, string]

function spanOf(value: string, of: PartView['of']): Span {
  const year = value.padStart(4, '0')
  const [from, to] = value.includes('-') ? [value, value] : [`${year}-01-01`, `${year}-12-31`]
  return of === 'date' ? [from, to] : [`${from} 00:00:00`, `${to} 23:59:59.999999`]
}

interface SpanParts {
  readonly lookup: Lookup
  readonly spans: readonly Span[]
  readonly dialect: DialectName
}

/** Compares the column itself with the ends of spans, which an index on it can answer. */
function spanComparison(path: FieldPath, { lookup, spans, dialect }: SpanParts): Condition {
  const [first, last] = [spans[0] ?? ['', ''], spans.at(-1) ?? ['', '']]
  const made = (operator: Comparison['operator'], ...ends: readonly string[]): Comparison => ({
    path,
    operator,
    values: ends.map((end) => path.column.kind.encode(end, dialect)),
    foldsUnicode: false,
  })
  switch (lookup) {
    case 'gt':
      return made('gt', first[1])
    case 'gte':
      return made('gte', first[0])
    case 'lt':
      return made('lt', first[0])
    case 'lte':
      return made('lte', first[1])
    default:
      return made('range', first[0], last[1])
  }
}
