import { validationError } from '../../base/index.ts'
import { flawOf } from '../fields/index.ts'
import type { AnyModel } from '../models/index.ts'
import { compareOrThrow } from './comparison.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import type { Store } from './store.ts'

export interface SearchParts {
  readonly text: string
  /** Paths, with DRF's prefixes: `^` begins with, `=` equals, none: contains. Case never counts. */
  readonly fields: readonly string[]
}

const MAX_LENGTH = 200
const MAX_TERMS = 10

/**
 * Rows in which each term is found in one of the fields. Terms stand between spaces or commas; quotes hold one together.
 *
 * @throws {ApiError} `validation_failed` if the text is too long, has too many terms or cannot be stored
 */
export function searchCondition(store: Store, model: AnyModel, { text, fields }: SearchParts): Condition {
  const terms = termsOf(text)
  return { all: terms.map((term) => ({ any: fields.map((field) => fieldCondition(store, model, { field, term })) })) }
}

function termsOf(text: string): string[] {
  const flaw = flawOf(text)
  if (flaw) throw validationError({ search: [flaw] })
  if (text.length > MAX_LENGTH) {
    throw validationError({ search: [`Ensure this value has no more than ${MAX_LENGTH} characters.`] })
  }
  const terms = [...text.matchAll(/"([^"]*)"|[^\s,"]+/g)].map(([whole, quoted]) => quoted ?? whole).filter(Boolean)
  if (terms.length > MAX_TERMS) throw validationError({ search: [`Ensure there are no more than ${MAX_TERMS} terms.`] })
  return terms
}

function fieldCondition(store: Store, model: AnyModel, { field, term }: { field: string; term: string }): Condition {
  const path = resolvePath(store.registry, model, field.replace(/^[\^=]/, ''))
  const { dialect } = store.database
  if (!path.column.kind.searchable) throw new TypeError(`${model.label}.${path.name} is no text: it cannot be searched`)
  if (field.startsWith('=')) return compareOrThrow('search', { path, lookup: 'iexact', value: term, dialect })
  const contains = compareOrThrow('search', { path, lookup: 'icontains', value: term, dialect })
  if (!field.startsWith('^')) return contains
  return { ...contains, values: contains.values.map((pattern) => String(pattern).slice(1)) }
}
