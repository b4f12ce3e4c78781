import type { DialectName } from '../dialects/index.ts'

/**
 * An SQL expression over fields of the same row, which stand in braces: `{quantity} * {price}`. One for all databases, or
 * one for each.
 */
export type GeneratedSql = string | { readonly [Dialect in DialectName]: string }

export interface GeneratedOptions {
  /** Whether the value is kept in the row, or worked out when it is read. On PostgreSQL it is always kept. */
  readonly stored?: boolean
}

/** What the database computes a field from. */
export interface Generated {
  readonly as: GeneratedSql
  readonly isStored: boolean
}

const DIALECTS: readonly DialectName[] = ['sqlite', 'postgresql', 'mysql']

/** @throws {TypeError} if an expression is missing or empty, or names no field */
export function generatedFrom(as: GeneratedSql, { stored = true }: GeneratedOptions): Generated {
  for (const dialect of DIALECTS) {
    const sql: unknown = typeof as === 'object' && as !== null ? as[dialect] : as
    if (typeof sql !== 'string' || referencesIn(sql).length === 0) {
      throw new TypeError(
        `Cannot generate a field from ${JSON.stringify(sql)} on ${dialect}: it must be SQL with fields of the model in braces, such as '{quantity} * {price}'`,
      )
    }
  }
  return Object.freeze({ as, isStored: stored })
}

/** The fields that a generated one is computed from, on any database. */
export function generatedReferences({ as }: Generated): string[] {
  return [...new Set(DIALECTS.flatMap((dialect) => referencesIn(generatedSql(as, dialect))))]
}

/** The expression for one database. */
export function generatedSql(as: GeneratedSql, dialect: DialectName): string {
  return typeof as === 'string' ? as : as[dialect]
}

const REFERENCE = /\{([a-z][a-z0-9_]*)\}/g

const referencesIn = (sql: string): string[] => Array.from(sql.matchAll(REFERENCE), ([, name = '']) => name)

/** The expression with something else in the place of each reference. */
export function withReferences(sql: string, replacement: (name: string) => string): string {
  return sql.replace(REFERENCE, (_all, name: string) => replacement(name))
}

/** The same with a field under another name. */
export function renamedReferences({ as, isStored }: Generated, from: string, to: string): Generated {
  const renamed = (sql: string): string => withReferences(sql, (name) => `{${name === from ? to : name}}`)
  if (typeof as === 'string') return { as: renamed(as), isStored }
  return {
    as: { sqlite: renamed(as.sqlite), postgresql: renamed(as.postgresql), mysql: renamed(as.mysql) },
    isStored,
  }
}
