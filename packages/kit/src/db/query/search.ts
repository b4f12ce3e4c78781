import { validationError } from '../../base/index.ts'
import { flawOf } from '../fields/index.ts'
import type { AnyModel } from '../models/index.ts'
import { compareOrThrow } from './comparison.ts'
import type { Condition } from './condition.ts'
import { relatedTo, resolveTarget } from './filter-target.ts'
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
  const { dialect } = store.database
  const target = resolveTarget(store.registry, model, field.replace(/^[\^=]/, ''))
  const { path } = target
  if (!path.column.kind.searchable) throw new TypeError(`${model.label}.${path.name} is no text: it cannot be searched`)
  const lookup = field.startsWith('=') ? 'iexact' : field.startsWith('^') ? 'istartswith' : 'icontains'
  return relatedTo(target.related, compareOrThrow('search', { path, lookup, value: term, dialect }))
}
