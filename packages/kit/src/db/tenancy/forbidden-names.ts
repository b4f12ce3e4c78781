/**
 * Names that a query may not hold, because no predicate on the tables of the catalogue could hold what they reach:
 * functions that run or read SQL given as text, that read files or raw pages, that change the settings row-level
 * security goes by; and the databases' own catalogues, whose statistics hold values of everyone's rows.
 */
const FORBIDDEN_NAMES = [
  '(?:query|table|schema|database|cursor)_to_xml\\w*',
  'ts_stat|ts_rewrite|crosstab\\w*|connectby\\w*|xpath_table|dblink\\w*',
  'lo_(?:import|export|get|put|open|creat|create|from_bytea|unlink)|loread|lowrite|get_raw_page',
  'set_config|setval',
  'pg_(?!(?:typeof|column_size|(?:try_)?advisory_xact_lock(?:_shared)?)\\b)\\w*',
  'information_schema|performance_schema',
  'load_file|outfile|dumpfile|sys_exec|sys_eval',
  'load_extension|readfile|writefile|fts3_tokenizer|sqlite_\\w*|pragma_\\w*|dbstat',
]
const FORBIDDEN = new RegExp(
  `(?<![\\p{L}\\p{N}_$])(?:(?:${FORBIDDEN_NAMES.join('|')})(?![\\p{L}\\p{N}_$])|(?:mysql|sys)["\`]?\\s*\\.)`,
  'iu',
)

/** The first forbidden name in the text, were it within quotes. */
export function findForbiddenName(text: string): string | undefined {
  return FORBIDDEN.exec(text)?.[0]
}
