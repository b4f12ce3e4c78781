import { isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'

/**
 * The fields by which people know a row, whatever its id: the first unique set in which nothing is optional and nothing
 * points elsewhere. Null if the model has none.
 */
export function naturalKeyOf(model: AnyModel): readonly Column[] | null {
  for (const { fields, where } of model.unique) {
    if (where) continue
    const columns = fields.map((name) => columnNamed(model, name))
    if (columns.every(({ kind, settings }) => !settings.nullable && !isForeignKey(kind))) return columns
  }
  return null
}
