/** The words that a statement may begin with or, after `with`, may be about. */
const MAIN_VERBS = new Set(['select', 'values', 'insert', 'replace', 'update', 'delete'])
const READS = new Set(['select', 'values', 'explain'])
const WRITES = new Set(['insert', 'replace', 'update', 'delete'])

// Strings, quoted names and comments are matched so as to be passed over.
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|[a-z_][\w$]*|[()]/gi

/** The verb of a statement in lower case: its first word, or after `with` the verb of the statement proper. */
export function statementVerb(sql: string): string {
  let depth = 0
  let isAfterWith = false
  for (const [token] of sql.matchAll(TOKEN)) {
    const word = token.toLowerCase()
    if (word === '(') depth += 1
    else if (word === ')') depth -= 1
    else if (depth > 0 || !/^[a-z]/.test(word)) continue
    else if (!isAfterWith && word !== 'with') return word
    else if (isAfterWith && MAIN_VERBS.has(word)) return word
    else isAfterWith = true
  }
  return ''
}

export function isReadingVerb(verb: string): boolean {
  return READS.has(verb)
}

export function isWritingVerb(verb: string): boolean {
  return WRITES.has(verb)
}

export function isInsertingVerb(verb: string): boolean {
  return verb === 'insert' || verb === 'replace'
}

export function isSchemaVerb(verb: string): boolean {
  return verb === 'create' || verb === 'alter' || verb === 'drop'
}

/** Whether it writes rows, so that a transaction can take it back everywhere; changes of tables are another thing. */
export function isWritingStatement({ sql }: { readonly sql: string }): boolean {
  return isWritingVerb(statementVerb(sql))
}

/** Whether it changes tables: MySQL commits such a statement at once. */
export function isSchemaStatement({ sql }: { readonly sql: string }): boolean {
  const verb = statementVerb(sql)
  return isSchemaVerb(verb) || verb === 'rename'
}

/** Whether it only reads. */
export function isReadingStatement({ sql }: { readonly sql: string }): boolean {
  const verb = statementVerb(sql)
  return isReadingVerb(verb) || verb === 'show'
}
