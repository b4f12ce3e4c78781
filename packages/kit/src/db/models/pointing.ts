import { isForeignKey, type OnDelete } from '../fields/index.ts'
import type { Column } from './column.ts'
import type { AnyModel } from './model.ts'
import type { Referrer } from './relation.ts'

/** A way in which rows of a model point to rows of another, and what becomes of them when those are deleted. */
export interface Pointing {
  readonly model: AnyModel
  /** The column that holds the id of the row pointed to. */
  readonly column: Column
  readonly onDelete: OnDelete
  /** The column that names the model pointed to, of a reference to any of several. */
  readonly typeColumn: Column | null
}

export function pointingOf({ model, column }: Referrer): Pointing {
  if (!isForeignKey(column.kind)) throw new TypeError(`${model.label}.${column.name} is no foreign key`)
  return { model, column, onDelete: column.kind.onDelete, typeColumn: null }
}
