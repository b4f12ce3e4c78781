import type { DialectName } from '../dialects/index.ts'

/** The parts of a raw SQL text that stand outside all parentheses and quotes. */
export interface RawOutline {
  /** In lower case, in order. */
  readonly words: readonly string[]
  /** The first and the last token of all, words or not; in lower case. */
  readonly begin: string
  readonly end: string
  readonly hasParentheses: boolean
  readonly hasComma: boolean
}

/**
 * Reads raw SQL as the database would split it, to find out whether it is closed in itself. Text that opens a comment,
 * a string or a parenthesis and leaves it open, or closes one that it did not open, would change what the rest of the
 * statement means: the business's predicate among it.
 *
 * @returns the outline, or in words what is wrong
 */
export function outlineRaw(text: string, dialect: DialectName): RawOutline | string {
  // SQLite ends a statement at a NUL, wherever the text ends.
  if (text.includes('\0')) return 'it holds a NUL character'
  const tokens = dialect === 'sqlite' ? SQLITE_TOKENS : dialect === 'mysql' ? MYSQL_TOKENS : POSTGRESQL_TOKENS
  const words: string[] = []
  let begin = ''
  let end = ''
  let hasParentheses = false
  let hasComma = false
  let depth = 0
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const problem = problemOf(token, { text, index, dialect })
    if (problem !== undefined) return problem
    end = token.toLowerCase()
    if (begin === '') begin = end
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth === 0 && token === ',') hasComma = true
    else if (depth === 0 && IS_WORD.test(token)) words.push(end)
    hasParentheses ||= depth > 0
    if (depth < 0) return 'it closes a parenthesis that it did not open'
  }
  return depth === 0 ? { words, begin, end, hasParentheses, hasComma } : 'it leaves a parenthesis open'
}

// A token is a whole quoted thing, a comment's beginning, a word, or one character. The databases do not quote alike:
// `[']` is a name on SQLite and two thirds of a string elsewhere; a backtick is an operator on PostgreSQL.
const QUOTED = `'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"`
const BACKTICKS = '`[^`]*(?:``[^`]*)*`'
const OTHERS = String.raw`--|/\*|\*/|[\p{L}\p{N}_][\p{L}\p{N}_$]*|\S`
const POSTGRESQL_TOKENS = new RegExp(String.raw`${QUOTED}|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$|${OTHERS}`, 'gu')
const MYSQL_TOKENS = new RegExp(`${QUOTED}|${BACKTICKS}|${OTHERS}`, 'gu')
const SQLITE_TOKENS = new RegExp(String.raw`${QUOTED}|${BACKTICKS}|\[[^\]]*\]|${OTHERS}`, 'gu')
const IS_WORD = /^[\p{L}\p{N}_]/u

interface Position {
  readonly text: string
  readonly index: number
  readonly dialect: DialectName
}

function problemOf(token: string, { text, index, dialect }: Position): string | undefined {
  const first = token.charAt(0)
  if (token === '--' || token === '/*' || token === '*/') return `it holds a comment (${token})`
  if (token === ';') return 'it holds a semicolon'
  if (token === '#' && dialect !== 'postgresql') return 'it holds a comment (#)'
  if (token.length > 1 && first === '$') return 'it holds a dollar-quoted string'
  if (first === '`' && dialect === 'postgresql') return 'it holds a backtick'
  if (first === '[' && dialect === 'sqlite' && token.length === 1) return 'it leaves a quote open'
  if (!`'"\``.includes(first)) return undefined
  if (token.length === 1) return 'it leaves a quote open'
  const prefix = text.charAt(index - 1).toLowerCase()
  if (prefix === '&' && /u&$/i.test(text.slice(0, index))) return 'it holds a string of Unicode escapes (U&)'
  // Where a backslash may escape, one before a quote makes the string longer than it was read to be. PostgreSQL's
  // E'…' goes on in a string on the next line, so one anywhere puts all strings in doubt.
  const mayEscape = dialect === 'mysql' || (dialect === 'postgresql' && /e'/i.test(text))
  return mayEscape && ESCAPED_QUOTE.test(token) ? "it holds an escaped quote (\\'): double it instead" : undefined
}

const ESCAPED_QUOTE = /(?<!\\)(?:\\\\)*\\['"]/
