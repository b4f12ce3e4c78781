import { MysqlQueryCompiler } from 'kysely'

const QUOTE_OR_BACKSLASH = /[\\'"]/g

/** Kysely's compiler for a session with `no_backslash_escapes`, where a backslash in a literal is a character like any other. */
export class PlainBackslashCompiler extends MysqlQueryCompiler {
  protected override sanitizeStringLiteral(value: string): string {
    return value.replaceAll("'", "''")
  }

  protected override sanitizeJSONPathMemberValue(value: string): string {
    return value.replace(QUOTE_OR_BACKSLASH, (char) => (char === "'" ? "''" : `\\${char}`))
  }
}
