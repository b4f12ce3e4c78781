/** Words that mean something in a query string, or to the language. */
const RESERVED = new Set(
  'pk is_deleted page page_size search ordering cursor fields expand deleted count format constructor prototype'.split(
    ' ',
  ),
)

/** What is wrong with the name of a field or a relation; null if it is fine. */
export function fieldNameFlaw(name: string): string | null {
  const isName = /^[a-z](?:[a-z0-9]|_(?!_))*$/.test(name) && !name.endsWith('_') && name.length <= 50
  if (isName && !RESERVED.has(name)) return null
  return 'a field is named in snake_case with single underscores, at most 50 characters, and not by a word that the API uses'
}
