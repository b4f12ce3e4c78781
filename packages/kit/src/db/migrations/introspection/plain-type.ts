import type { DialectName } from '../../dialects/index.ts'

/**
 * A column's type in one spelling, whether a model wants it or a database tells it: `varchar(40) collate "C"` and
 * `character varying(40) C` are the same. A type that is spelt alike by both passes as it is.
 */
export function plainType(type: string, dialect: DialectName): string {
  const lower = type.toLowerCase()
  const bare = lower.replace(GENERATED, '')
  const plain = REWRITES[dialect]
    .reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), bare)
    .trim()
  return bare === lower ? plain : `${plain} generated`
}

/** How a database says that it computes a column; whether it keeps the value is its own affair. */
const GENERATED = / (?:(?:virtual|stored|persistent) )?generated$/

type Rewrite = readonly [pattern: RegExp, replacement: string]

const REWRITES: Readonly<Record<DialectName, readonly Rewrite[]>> = {
  sqlite: [],
  postgresql: [
    [/^character varying/, 'varchar'],
    [/^timestamp(\(\d\))? with time zone/, 'timestamptz$1'],
    [/^time(\(\d\))? without time zone/, 'time$1'],
    [/ collate "([^"]+)"$/, ' $1'],
  ],
  mysql: [
    [/ auto_increment$| invisible$/, ''],
    // A width only says how many digits a client shows, but `tinyint(1)` is how a boolean is told from a number.
    [/^(int|bigint|smallint|mediumint)\(\d+\)/, '$1'],
    [/^tinyint\((?!1\))\d+\)/, 'tinyint'],
    // MariaDB's json is a text.
    [/^json$/, 'longtext'],
    [/ character set \S+/, ''],
    [/ collate (\S+)/, ' $1'],
    // What the tables have anyway. Any other collation compares otherwise, and is seen.
    [/ utf8mb4_(nopad_bin|0900_bin|bin)$/, ''],
  ],
}
