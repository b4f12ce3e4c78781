import type { DialectName } from '../../dialects/index.ts'
import {
  bigInteger,
  boolean,
  date,
  datetime,
  decimal,
  type Field,
  float,
  integer,
  json,
  longText,
  smallInteger,
  text,
  time,
  uuid,
} from '../../fields/index.ts'
import type { ColumnFacts } from '../introspection/index.ts'
import { plainType } from '../introspection/index.ts'

const LONGEST_TEXT = 10_000
const MOST_DIGITS = 15

/** The field that a column is like, before it is known whether it may be null; null if there is none. */
export function fieldOfColumn({ type }: Pick<ColumnFacts, 'type'>, dialect: DialectName): Field | null {
  // MariaDB's json is a text, told by a collation that no other text of the kit has.
  if (dialect === 'mysql' && /^longtext utf8mb4_bin$/.test(type)) return json()
  const plain = plainType(type, dialect)
  const length = /^(?:varchar|char|character|nvarchar)\((\d+)\)/.exec(plain)?.[1]
  if (/^char\(36\)/.test(plain) && dialect !== 'postgresql') return uuid()
  if (length !== undefined) return textOf(Number(length))
  const [, digits, places = '0'] = /^(?:numeric|decimal)\((\d+)(?:,\s*(\d+))?\)/.exec(plain) ?? []
  if (digits !== undefined)
    return Number(digits) > MOST_DIGITS ? null : decimal({ digits: Number(digits), places: Number(places) })
  const found = PLAIN.find(([pattern]) => pattern.test(plain))
  return found ? found[1]() : enumText(plain)
}

const textOf = (max: number): Field => (max > 0 && max <= LONGEST_TEXT ? text({ max }) : longText())

const PLAIN: readonly (readonly [RegExp, () => Field])[] = [
  [/^(json|jsonb|json text)$/, () => json()],
  [/^(text|tinytext|mediumtext|longtext|clob)/, () => longText()],
  [/^varchar\b/, () => longText()],
  [/^(boolean|bool|tinyint\(1\)|bit\(1\))$/, () => boolean()],
  [/^(smallint|tinyint)( unsigned)?$/, () => smallInteger()],
  [/^(integer|int|mediumint|int4)$/, () => integer()],
  [/^(bigint|int8|int unsigned)$/, () => bigInteger()],
  [/^(double|double precision|real|float)/, () => float()],
  [/^date$/, () => date()],
  [/^time(\(\d\))?$/, () => time()],
  [/^(timestamptz|timestamp|datetime)(\(\d\))?( without time zone)?$/, () => datetime()],
  [/^uuid$/, () => uuid()],
]

/** A column of a few words is a text that is long enough for them. */
function enumText(plain: string): Field | null {
  const words = [...(/^enum\((.*)\)/.exec(plain)?.[1] ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word)
  return words.length === 0 ? null : text({ max: Math.max(...words.map((word) => word.length)) })
}
