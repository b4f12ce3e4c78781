/**
 * Words that end what they stand in and begin something else: a source under a name that the predicate then means
 * instead, a second select, a `set` or `do update` of its own.
 */
export const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  'select from where union intersect except join having returning window into set do conflict'.split(' '),
)
