import type { AnyModel, Registry } from '../models/index.ts'
import { resolvePath } from './field-path.ts'
import type { OrderTerm } from './select-spec.ts'

/** An order from names such as `-created_at`, made total by the id: pages neither skip nor repeat a row. */
export function orderTerms(registry: Registry, model: AnyModel, names: readonly string[]): OrderTerm[] {
  const terms = names.map((name) => ({
    path: resolvePath(registry, model, name.replace(/^-/, '')),
    descending: name.startsWith('-'),
  }))
  if (terms.some(({ path }) => path.name === 'id')) return terms
  const last = terms.at(-1)
  return [...terms, { path: resolvePath(registry, model, 'id'), descending: last?.descending ?? true }]
}

/** The same order, the other way round. */
export const reversed = (names: readonly string[]): string[] =>
  names.map((name) => (name.startsWith('-') ? name.slice(1) : `-${name}`))
