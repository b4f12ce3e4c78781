import type { Relation } from '../db/index.ts'
import type { AnySerializer } from './serializer.ts'

/** Rows that one row may show of a relation: the first in their order. With the size of a page, it bounds an answer. */
export const MAX_EXPANDED = 100

/** What `expand` may show as objects. */
export interface Expandable {
  readonly serializer: AnySerializer
  /** The relation whose rows it shows; null for a foreign key. */
  readonly relation: Relation | null
}

export type Expandables = Readonly<Record<string, Expandable>>
