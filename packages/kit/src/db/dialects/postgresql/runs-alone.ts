const BETWEEN_WORDS = /(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)+/g

// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
const RUNS_ALONE = new RegExp(
  `^(?:${[
    'vacuum',
    'reindex',
    'cluster',
    'discard all',
    'alter system',
    '(?:create|alter|drop) (?:database|tablespace|subscription)',
    '(?:create|drop) (?:unique )?index concurrently',
    '(?:commit|rollback) prepared',
    'alter table .* detach partition .* concurrently',
  ].join('|')})\\b`,
  'i',
)

/** More than the longest of them has before the last word that tells. */
const BEGINNING_LENGTH = 500

/**
 * Whether PostgreSQL runs the statement in no transaction, not even in the implicit one of a pipeline. The business makes
 * no difference to any of these: row-level security does not touch what they do.
 */
export function runsAlone(sql: string): boolean {
  return RUNS_ALONE.test(sql.slice(0, BEGINNING_LENGTH).replaceAll(BETWEEN_WORDS, ' ').trimStart())
}
